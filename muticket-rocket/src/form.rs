//! Forms. The only way to what somebody sent is [`Protected`], and it gives nothing before the request is known to come from a page of
//! ours (P-08): a route that forgot the check would have no form to work with.
//!
//! Rocket's own multipart reader gives up on the whole form when one file is too large. This one goes on, so that the page can name the
//! file and still hold every word that was typed.

mod parts;

use muticket_core::upload::Upload;
use muticket_core::{Error, Field as FieldName, FieldError};
use rocket::Request;
use rocket::data::{Data, FromData, Outcome, ToByteUnit};
use rocket::http::RawStr;

use crate::csrf::is_same_site;
use crate::error::{Failure, Kept, Stash};
use crate::form::parts::{Part, Parts};
use crate::guards::Doors;
use crate::site::{Asker, Site};

/// The most bytes that all texts of a form may have together.
const MAX_TEXT: usize = 512 * 1024;
/// The most texts a form may have.
const MAX_FIELDS: usize = 300;
/// Where reading ends, whatever is sent: large enough to read past a file that is refused, so that the browser gets an answer.
const MAX_REQUEST_MIB: u64 = 256;

/// The texts of a form, in the order they came.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first text of that name; empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    /// All texts of that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// All texts whose names begin so, each with the rest of its name.
    pub(crate) fn beginning_with<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, text)| Some((name.strip_prefix(start)?, text.as_str())))
    }

    /// The text of that name as a value; `None` if it is missing, empty, or not one.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name).parse().ok()
    }

    /// Whether a box of that name is ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// The texts a person typed, to be shown again if nothing else can be done with them.
    pub(crate) fn kept(&self) -> Vec<Kept> {
        let label = |name: &str| match name {
            "subject" => Some("subject"),
            "body" => Some("body"),
            // One for each language.
            _ => name.starts_with("name_").then_some("category-name"),
        };
        let kept = self.0.iter().filter(|(_, text)| !text.trim().is_empty());
        kept.filter_map(|(name, text)| Some(Kept { field: label(name)?, text: text.clone() })).collect()
    }
}

/// What a route reads from a form.
pub(crate) trait Form: Send {
    /// Whether the form carries files.
    const FILES: bool = false;

    /// Reads the texts. Nothing fails here: what is wrong with them is for the doors to say.
    fn read(fields: &Fields) -> Self;
}

/// A form that came from a page of ours, sent by the visitor it was made for.
pub(crate) struct Protected<F> {
    /// The texts.
    pub(crate) form: F,
    /// What is shown again if nothing else can be done.
    pub(crate) kept: Vec<Kept>,
    /// The files; their bytes are stored already.
    pub(crate) uploads: Vec<Upload>,
    /// Files that were refused, and why.
    pub(crate) refused: Vec<FieldError>,
}

impl<F> Protected<F> {
    /// Whether files came along; a browser does not choose them again by itself.
    pub(crate) fn has_files(&self) -> bool {
        !self.uploads.is_empty() || !self.refused.is_empty()
    }
}

#[rocket::async_trait]
impl<'r, F: Form> FromData<'r> for Protected<F> {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self> {
        match read::<F>(request, data).await {
            Ok(form) => Outcome::Success(form),
            Err(failure) => Outcome::Error((Stash::leave(request, failure), ())),
        }
    }
}

async fn read<'r, F: Form>(request: &'r Request<'_>, data: Data<'r>) -> Result<Protected<F>, Failure> {
    if !is_same_site(request) {
        return Err(Failure::forged());
    }
    let user = match Asker::of(request).await.map(Asker::user) {
        Ok(Some(user)) => user,
        // The session ended while he wrote, or the host cannot say whose it is.
        Ok(None) => return Err(Failure::from(Error::SignIn).keeping(typed(request, data).await)),
        Err(error) => return Err(Failure::from(error).keeping(typed(request, data).await)),
    };
    let site = Site::of(request);
    let verify = |fields: &Fields| site.tokens.verify(fields.text("token"), &user.id, site.helpdesk.now());

    let content_type = request.content_type().ok_or_else(Failure::bad_request)?;
    let mut files = Files::default();
    let fields = if content_type.is_form() {
        read_urlencoded(data).await?
    } else if content_type.is_form_data() {
        read_multipart::<F>(request, data, verify, &mut files).await?
    } else {
        return Err(Failure::bad_request());
    };
    if !verify(&fields) {
        return Err(Failure::forged().keeping(fields.kept()));
    }
    Ok(Protected { form: F::read(&fields), kept: fields.kept(), uploads: files.stored, refused: files.refused })
}

/// What was typed into a form that cannot be taken, as far as it stands before any file: only to be shown again.
async fn typed(request: &Request<'_>, data: Data<'_>) -> Vec<Kept> {
    let mut fields = Fields::default();
    if let Some(boundary) = request.content_type().and_then(|kind| kind.param("boundary")) {
        let mut parts = Parts::new(data.open(MAX_TEXT.bytes()), boundary);
        while let Ok(Some(mut part)) = parts.next().await {
            let name = part.name().map(str::to_owned).filter(|_| part.file_name().is_none());
            let (Some(name), true) = (name, fields.0.len() < MAX_FIELDS) else { break };
            let Ok(text) = text(&mut part, MAX_TEXT).await else { break };
            fields.0.push((name, text));
        }
    } else if request.content_type().is_some_and(|kind| kind.is_form()) {
        fields = read_urlencoded(data).await.unwrap_or_default();
    }
    fields.kept()
}

async fn read_urlencoded(data: Data<'_>) -> Result<Fields, Failure> {
    let body = data.open(MAX_TEXT.bytes()).into_bytes().await.map_err(|_| Failure::bad_request())?;
    if !body.is_complete() {
        return Err(Failure::too_large());
    }
    let body = String::from_utf8(body.into_inner()).map_err(|_| Failure::bad_request())?;
    decode(&body)
}

/// Reads `name=text&...`, where blanks are pluses and everything unusual is percent-encoded.
fn decode(body: &str) -> Result<Fields, Failure> {
    let mut fields = Fields::default();
    for pair in body.split('&').filter(|pair| !pair.is_empty()) {
        if fields.0.len() == MAX_FIELDS {
            return Err(Failure::too_large());
        }
        let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
        fields.0.push((decoded(name)?, decoded(text)?));
    }
    Ok(fields)
}

/// A name or a text as it was typed: `Form::values` of Rocket leaves them encoded.
fn decoded(text: &str) -> Result<String, Failure> {
    let text = RawStr::new(text).url_decode().map_err(|_| Failure::bad_request())?;
    Ok(text.into_owned())
}

#[derive(Default)]
struct Files {
    stored: Vec<Upload>,
    refused: Vec<FieldError>,
}

async fn read_multipart<F: Form>(
    request: &Request<'_>,
    data: Data<'_>,
    verify: impl Fn(&Fields) -> bool,
    files: &mut Files,
) -> Result<Fields, Failure> {
    let boundary = request.content_type().and_then(|kind| kind.param("boundary")).ok_or_else(Failure::bad_request)?;
    let mut parts = Parts::new(data.open(MAX_REQUEST_MIB.mebibytes()), boundary);
    let mut fields = Fields::default();
    let mut text_bytes = 0;
    loop {
        let mut part = match parts.next().await {
            Ok(Some(part)) => part,
            Ok(None) => return Ok(fields),
            // The end is missing. If a file was refused for its size, that is why: the rest was not read.
            Err(_) if !files.refused.is_empty() => return Ok(fields),
            Err(_) => return Err(Failure::bad_request().keeping(fields.kept())),
        };
        let Some(name) = part.name().map(str::to_owned) else { return Err(Failure::bad_request()) };
        match part.file_name().map(str::to_owned) {
            // A browser sends an empty part for a field in which no file was chosen.
            Some(file) if file.is_empty() => {}
            Some(file) if F::FILES && name == "attachment" => {
                if !verify(&fields) {
                    return Err(Failure::forged().keeping(fields.kept()));
                }
                store(request, &file, &mut part, files).await.map_err(|failure| failure.keeping(fields.kept()))?;
            }
            Some(_) => {}
            None => {
                let text = text(&mut part, MAX_TEXT - text_bytes).await.map_err(|failure| failure.keeping(fields.kept()))?;
                text_bytes += text.len();
                if fields.0.len() == MAX_FIELDS {
                    return Err(Failure::too_large());
                }
                fields.0.push((name, text));
            }
        }
        // What nobody wanted, as the rest of a file that is too large. Where it breaks off, there is no next part either.
        while let Ok(Some(_)) = part.piece().await {}
    }
}

async fn text(part: &mut Part<'_>, max: usize) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.piece().await.map_err(|_| Failure::bad_request())? {
        if bytes.len() + piece.len() > max {
            return Err(Failure::too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| Failure::bad_request())
}

/// Hands a file through to the blob store, as it comes.
async fn store(request: &Request<'_>, name: &str, part: &mut Part<'_>, files: &mut Files) -> Result<(), Failure> {
    let doors = Doors::of(request).await?;
    let max = doors.site.helpdesk.limits().attachments;
    if files.stored.len() + files.refused.len() >= max {
        // The door says that there are too many; the rest need not be stored for that.
        files.refused.push(FieldError { field: FieldName::Attachments, problem: muticket_core::Problem::TooMany { max } });
        return Ok(());
    }
    let stored = match &doors.desk {
        Some(desk) => desk.attach(name, part).await,
        None => doors.portal.attach(name, part).await,
    };
    match stored {
        Ok(upload) => files.stored.push(upload),
        Err(Error::Invalid(problems)) => files.refused.extend(problems),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_it_was_typed() {
        let fields = decode("subject=Dr%C3%BCcker+%26+Co&category=a%2Bb&&category=c&empty=&ticked").unwrap();
        assert_eq!(fields.text("subject"), "Drücker & Co");
        assert_eq!(fields.all("category").collect::<Vec<_>>(), ["a+b", "c"]);
        assert!(fields.is_ticked("empty") && fields.is_ticked("ticked") && !fields.is_ticked("missing"));
        assert_eq!(fields.beginning_with("cat").next(), Some(("egory", "a+b")));
    }

    #[test]
    fn what_is_no_text_is_no_form() {
        assert!(decode("subject=%FF").is_err());
        assert!(decode(&"a&".repeat(MAX_FIELDS)).is_ok());
        assert!(decode(&"a&".repeat(MAX_FIELDS + 1)).is_err());
    }
}
