//! The files of a form: handed through to the blob store as they come. None gets lost without a word: it is stored, or refused by its name.

use bytes::Bytes;
use muticket_core::blob::ByteSource;
use muticket_core::ticket::FileName;
use muticket_core::upload::Upload;
use muticket_core::{Error, Field, FieldError, Problem};
use rocket::Request;

use crate::error::Failure;
use crate::form::parts::{Part, Unreadable};
use crate::guards::Doors;

/// The files of one form.
#[derive(Default)]
pub(crate) struct Files<'r> {
    doors: Option<Doors<'r>>,
    /// Those whose bytes are stored.
    pub(crate) stored: Vec<Upload>,
    /// Those that were refused, and why.
    pub(crate) refused: Vec<FieldError>,
}

/// The bytes of a part of which the first are read already.
pub(crate) struct Begun<'a, 'r> {
    first: Option<Bytes>,
    part: &'a mut Part<'r>,
}

impl<'a, 'r> Begun<'a, 'r> {
    /// Looks whether there is anything in the part.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) async fn of(part: &'a mut Part<'r>) -> Result<Self, Unreadable> {
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

#[rocket::async_trait]
impl ByteSource for Begun<'_, '_> {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => self.part.next().await,
        }
    }
}

impl<'r> Files<'r> {
    /// Stores a file, or notes why it is refused.
    ///
    /// # Errors
    /// The form cannot be taken at all.
    pub(crate) async fn store(&mut self, request: &'r Request<'_>, name: &str, mut file: Begun<'_, '_>) -> Result<(), Failure> {
        let doors = match &mut self.doors {
            Some(doors) => doors,
            none => none.insert(Doors::of(request).await?),
        };
        let max = doors.site.helpdesk.limits().attachments;
        if self.stored.len() + self.refused.len() >= max {
            // The door says that there are too many; the rest need not be stored for that.
            self.refused.push(FieldError { field: Field::Attachments, problem: Problem::TooMany { max } });
            return Ok(());
        }
        let stored = match &doors.desk {
            Some(desk) => desk.attach(name, &mut file).await,
            None => doors.portal.attach(name, &mut file).await,
        };
        match stored {
            Ok(upload) => self.stored.push(doors.site.pictures.examined(&doors.site.helpdesk, upload).await),
            Err(Error::Invalid(problems)) => self.refused.extend(problems),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Notes a file of which only the name came: the form was sent in a way that carries no files.
    pub(crate) fn did_not_come(&mut self, name: &str) {
        let field = Field::Attachment(FileName::clean(name).as_str().to_owned());
        self.refused.push(FieldError { field, problem: Problem::NotSent });
    }

    /// Deletes what was stored: nobody sends the form that it belonged to.
    pub(crate) async fn discard(self) {
        if let (Some(doors), false) = (self.doors, self.stored.is_empty()) {
            // What cannot be deleted now is swept later, and its cause is logged then.
            let _ = doors.portal.discard(self.stored).await;
        }
    }
}
