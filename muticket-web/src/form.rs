//! Forms. A handler can read a form only with [`read`], which first checks that the request comes from one of our own pages (P-08). So no
//! handler can forget the check.
//!
//! A file that is too large does not end the reading, so that the page can name the file and keep the text that was typed. The reader
//! gives up on a form that arrives too slowly, and limits how many are read at the same time (P-19).

mod disposition;
mod fields;
mod files;
pub(crate) mod pace;
mod parts;

use futures_util::StreamExt as _;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use muticket_core::draft::Repeated;
use muticket_core::upload::Upload;
use muticket_core::{Error, FieldError, User};

use crate::context::{Context, CurrentVisitor};
use crate::error::{Failure, TypedText};
pub(crate) use crate::form::fields::Fields;
use crate::form::fields::{ATTACHMENT, MAX_TEXT};
use crate::form::files::{Begun, Files};
use crate::form::pace::Paced;
use crate::form::parts::Multipart;
use crate::list::List;
use crate::origin::is_from;
use crate::places::{Full, Place};
use crate::request::RequestBody;

/// The most bytes that are read of a request. It is large enough to read past a refused file, so that the browser gets an answer.
const MAX_REQUEST: u64 = 256 * 1024 * 1024;

/// Whether the form confirms that the same text is sent a second time. Only the page that asked about it does.
pub(crate) fn repeated(fields: &Fields) -> Repeated {
    match fields.text("repeated") {
        "send" => Repeated::Send,
        _ => Repeated::Ask,
    }
}

/// What a handler reads from a form.
pub(crate) trait Form: Sized {
    /// Whether the form carries files.
    const FILES: bool = false;

    /// Reads the texts of this form, and no others (P-04). This never fails: the doors check the values.
    fn read(fields: &Fields) -> Self;
}

/// A form that has only a button.
pub(crate) struct NoFields;

impl Form for NoFields {
    fn read(_: &Fields) -> Self {
        Self
    }
}

/// A form that has only a button, and the list from which the page was opened.
pub(crate) struct ListForm {
    pub(crate) list: List,
}

impl Form for ListForm {
    fn read(fields: &Fields) -> Self {
        Self { list: fields.parsed("list").unwrap_or_default() }
    }
}

/// A form that came from one of our pages and was sent by the visitor it was made for.
pub(crate) struct Submitted<F> {
    /// What the handler reads from it.
    pub(crate) form: F,
    /// All texts.
    pub(crate) fields: Fields,
    /// The files; their bytes are already stored.
    pub(crate) uploads: Vec<Upload>,
    /// Files that were refused, and why.
    pub(crate) refused: Vec<FieldError>,
}

impl<F> Submitted<F> {
    /// Whether the form had files. A browser does not choose them again.
    pub(crate) fn has_files(&self) -> bool {
        !self.uploads.is_empty() || !self.refused.is_empty()
    }

    /// The failure of the requested action. It holds the typed texts.
    pub(crate) fn failed(&self, error: Error) -> Failure {
        Failure::from(error).keeping(self.fields.typed())
    }
}

/// Reads the form in the body of the request.
///
/// # Errors
/// The form is not from one of our pages, cannot be read, or may not be read now. The failure holds the typed texts.
pub(crate) async fn read<F: Form>(context: &Context<'_>, body: RequestBody<'_>) -> Result<Submitted<F>, Failure> {
    let shared = context.shared;
    let mut body = Paced::new(body, MAX_REQUEST, shared.pace);
    let mut aside = None;
    let outcome = match admit(context).await {
        Ok((user, _place)) => {
            let mut files = Files::default();
            match read_form::<F>(context, user, &mut body, &mut files).await {
                Ok(fields) => {
                    let (uploads, refused) = files.finish();
                    return Ok(Submitted { form: F::read(&fields), fields, uploads, refused });
                }
                Err(failure) => {
                    files.discard(context).await;
                    // Keep the place until the browser has stopped sending.
                    refuse(body, failure).await
                }
            }
        }
        Err(failure) => {
            aside = shared.places.take_refused();
            match &aside {
                None => failure,
                Some(_) => {
                    let typed = if failure.is_forged() { Vec::new() } else { typed(context, &mut body).await };
                    refuse(body, failure.keeping(typed)).await
                }
            }
        }
    };
    drop(aside);
    Err(outcome)
}

/// Reads and discards the rest, because a browser reads the answer only after it has sent everything.
async fn refuse(mut body: Paced<'_>, failure: Failure) -> Failure {
    body.drain().await;
    if body.is_late() { failure.into_too_slow() } else { failure }
}

/// Decides whether the form may be read: returns the user and a place among the forms that are being read.
async fn admit<'c>(context: &'c Context<'_>) -> Result<(&'c User, Place<'c>), Failure> {
    let shared = context.shared;
    if !is_from(&context.head, shared.origin.as_ref()) {
        return Err(Failure::forged());
    }
    // If there is no user, the session ended while they were writing.
    let user = context.visitor().await.map(CurrentVisitor::user)?.ok_or(Error::SignIn)?;
    shared.limiter.take(&user.id, shared.helpdesk.now()).map_err(Failure::too_many)?;
    let place = shared.places.take(&user.id).map_err(|full| match full {
        Full::Visitor => Failure::too_many_at_once(),
        Full::All => {
            shared.places.log_full(shared.helpdesk.now());
            Failure::busy()
        }
    })?;
    Ok((user, place))
}

/// How a form was sent.
enum Encoding {
    UrlEncoded,
    Multipart { boundary: String },
}

impl Encoding {
    /// The encoding that the headers name; `None` if it is not one for forms.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Some(Self::UrlEncoded);
        }
        Some(Self::Multipart { boundary: multer::parse_boundary(kind).ok()? })
    }
}

async fn read_form<F: Form>(
    context: &Context<'_>,
    user: &User,
    body: &mut Paced<'_>,
    files: &mut Files,
) -> Result<Fields, Failure> {
    let shared = context.shared;
    let verify = |fields: &Fields| shared.tokens.verify(fields.text("token"), &user.id, shared.helpdesk.now());
    let mut fields = Fields::default();
    let read = match Encoding::of(context.head.headers) {
        Some(Encoding::UrlEncoded) => read_urlencoded(body, &mut fields).await,
        Some(Encoding::Multipart { boundary }) => {
            read_multipart::<F>(context, Multipart::new(body, &boundary), &mut fields, verify, files).await
        }
        None => Err(Failure::bad_request()),
    };
    read.map_err(|failure| failure.keeping(fields.typed()))?;
    if !verify(&fields) {
        return Err(Failure::forged().keeping(fields.typed()));
    }
    if fields.is_ambiguous() {
        return Err(Failure::bad_request().keeping(fields.typed()));
    }
    if F::FILES {
        // A page without `enctype` sends only the name. Report the file as missing instead of losing it silently.
        fields.all(ATTACHMENT).filter(|name| !name.is_empty()).for_each(|name| files.did_not_come(name));
    }
    Ok(fields)
}

/// The texts of a form that is refused, up to the first file. They are only shown again.
async fn typed(context: &Context<'_>, body: &mut Paced<'_>) -> Vec<TypedText> {
    let mut fields = Fields::default();
    match Encoding::of(context.head.headers) {
        Some(Encoding::Multipart { boundary }) => {
            let mut parts = Multipart::new(body, &boundary);
            while let Ok(Some(mut part)) = parts.next().await {
                let disposition = part.disposition();
                let (Some(name), None, true) = (disposition.name, disposition.file, fields.has_room()) else { break };
                if fields.receive(name, &mut part, MAX_TEXT).await.is_err() {
                    break;
                }
            }
        }
        // If the form breaks off, the fields before that are kept.
        Some(Encoding::UrlEncoded) => drop(read_urlencoded(body, &mut fields).await),
        None => {}
    }
    fields.typed()
}

async fn read_urlencoded(body: &mut Paced<'_>, fields: &mut Fields) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    let mut broken = false;
    while bytes.len() <= MAX_TEXT {
        match body.next().await {
            Some(Ok(piece)) => bytes.extend_from_slice(&piece),
            Some(Err(_)) => {
                // The last percent-encoded character may be incomplete.
                let whole = bytes.iter().rposition(|byte| *byte == b'%').filter(|at| bytes.len() - at < 3);
                bytes.truncate(whole.unwrap_or(bytes.len()));
                broken = true;
                break;
            }
            None => break,
        }
    }
    let too_large = bytes.len() > MAX_TEXT;
    bytes.truncate(MAX_TEXT);
    let form = String::from_utf8(bytes).map_err(|_| Failure::bad_request())?;
    let decoded = fields.decode(&form);
    match (broken, too_large) {
        (true, _) => Err(Failure::bad_request()),
        (false, true) => Err(Failure::too_large()),
        (false, false) => decoded,
    }
}

async fn read_multipart<F: Form>(
    context: &Context<'_>,
    mut parts: Multipart<'_>,
    fields: &mut Fields,
    verify: impl Fn(&Fields) -> bool,
    files: &mut Files,
) -> Result<(), Failure> {
    let mut left = MAX_TEXT;
    loop {
        let mut part = match parts.next().await {
            Ok(Some(part)) => part,
            Ok(None) => return Ok(()),
            // The end of the form is missing. If a file was refused for its size, that is the reason: the rest was not read.
            Err(_) if !files.refused.is_empty() => return Ok(()),
            Err(_) => return Err(Failure::bad_request()),
        };
        let disposition = part.disposition();
        match (disposition.name, disposition.file) {
            // Files under another name, or without one, are taken as well: only files have file names, and a form has only one file input.
            (name, file) if file.is_some() || name.as_deref() == Some(ATTACHMENT) => {
                let begun = Begun::of(&mut part).await.map_err(|_| Failure::bad_request())?;
                let file = file.unwrap_or_default();
                // A browser sends an empty part without a file name if no file was chosen.
                if !begun.is_empty() || !file.is_empty() {
                    if !verify(fields) {
                        return Err(Failure::forged());
                    }
                    if !F::FILES {
                        return Err(Failure::bad_request());
                    }
                    files.store(context, &file, begun).await?;
                }
            }
            (Some(name), _) if fields.has_room() => left -= fields.receive(name, &mut part, left).await?,
            (Some(_), _) => return Err(Failure::too_large()),
            (None, _) => return Err(Failure::bad_request()),
        }
        // Skip what is left, such as the rest of a file that is too large. If it breaks off here, `next` fails too.
        while let Ok(Some(_)) = part.piece().await {}
    }
}
