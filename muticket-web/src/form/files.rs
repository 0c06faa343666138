//! The files of a form, streamed to the blob store as they arrive. No file is lost silently: it is stored, or it is refused by name.

use async_trait::async_trait;
use bytes::Bytes;
use muticket_core::blob::ByteSource;
use muticket_core::ticket::FileName;
use muticket_core::upload::{Upload, Uploads};
use muticket_core::{Error, Field, FieldError, Problem};

use crate::context::Context;
use crate::error::Failure;
use crate::form::parts::{FormPart, Unreadable};

/// The files of one form.
#[derive(Default)]
pub(crate) struct Files {
    /// Stores them; `None` before the first one.
    uploads: Option<Uploads>,
    /// The files whose bytes are stored.
    pub(crate) stored: Vec<Upload>,
    /// The files that were refused, and why.
    pub(crate) refused: Vec<FieldError>,
}

/// A part whose first bytes are already read.
pub(crate) struct Begun<'a, 'r> {
    first: Option<Bytes>,
    part: &'a mut FormPart<'r>,
}

impl<'a, 'r> Begun<'a, 'r> {
    /// Reads the first bytes, which tell whether the part is empty.
    ///
    /// # Errors
    /// The part cannot be read.
    pub(crate) async fn of(part: &'a mut FormPart<'r>) -> Result<Self, Unreadable> {
        loop {
            match part.piece().await? {
                Some(piece) if piece.is_empty() => {}
                first => return Ok(Self { first, part }),
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }
}

#[async_trait]
impl ByteSource for Begun<'_, '_> {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => self.part.next().await,
        }
    }
}

impl Files {
    /// Stores a file, or records why it is refused.
    ///
    /// # Errors
    /// The whole form has to be refused.
    pub(crate) async fn store(&mut self, context: &Context<'_>, name: &str, mut file: Begun<'_, '_>) -> Result<(), Failure> {
        let (shared, doors) = (context.shared, context.doors().await?);
        let max = shared.helpdesk.limits().attachments;
        if self.stored.len() + self.refused.len() >= max {
            // The door reports that there are too many files, so the rest need not be stored.
            self.refused.push(FieldError { field: Field::Attachments, problem: Problem::TooMany { max } });
            return Ok(());
        }
        let uploads = match (&mut self.uploads, &doors.desk) {
            (Some(uploads), _) => uploads,
            (none, Some(desk)) => none.insert(desk.uploads()),
            (none, None) => none.insert(doors.portal.uploads().await?),
        };
        match uploads.attach(name, &mut file).await {
            Ok(upload) => self.stored.push(shared.pictures.examined(&shared.helpdesk, upload).await),
            Err(Error::Invalid(problems)) => self.refused.extend(problems),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Records a file of which only the name arrived, because the form was sent with an encoding that carries no files.
    pub(crate) fn did_not_come(&mut self, name: &str) {
        let field = Field::Attachment(FileName::clean(name).as_str().to_owned());
        self.refused.push(FieldError { field, problem: Problem::NotSent });
    }

    /// Ends the form: its message gets the files.
    pub(crate) fn finish(mut self) -> (Vec<Upload>, Vec<FieldError>) {
        if let Some(uploads) = self.uploads {
            uploads.finish(&mut self.stored);
        }
        (self.stored, self.refused)
    }

    /// Deletes the stored files, because the form they belonged to was refused.
    pub(crate) async fn discard(self, context: &Context<'_>) {
        let (stored, _) = self.finish();
        // The doors are open if a file was stored.
        if !stored.is_empty()
            && let Ok(doors) = context.doors().await
        {
            // A sweep deletes later what cannot be deleted now, and logs the cause.
            let _ = doors.portal.discard(stored).await;
        }
    }
}
