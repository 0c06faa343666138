//! A file as pages show it, of a message or of a note.

use muticket_core::note::NoteFile;
use muticket_core::ticket::{Attachment, MediaType};
use serde::Serialize;

use crate::file_id::FileId;
use crate::links::Links;

#[derive(Debug, Serialize)]
pub(crate) struct FileModel {
    name: String,
    link: String,
    size: u64,
    /// The versions to show; `None` if the file is not a picture.
    picture: Option<PictureModel>,
}

#[derive(Debug, Serialize)]
struct PictureModel {
    small: String,
    large: String,
}

impl FileModel {
    pub(crate) fn of_message(links: &Links, file: &Attachment) -> Self {
        Self::of(links, FileId::Message(file.id), file.name.as_str(), file.media_type, file.size)
    }

    pub(crate) fn of_note(links: &Links, file: &NoteFile) -> Self {
        let id = FileId::Note(file.ticket, file.note, file.id);
        Self::of(links, id, file.name.as_str(), file.media_type, file.size)
    }

    fn of(links: &Links, id: FileId, name: &str, media_type: MediaType, size: u64) -> Self {
        Self {
            name: name.to_owned(),
            link: id.link(links, name),
            size,
            picture: (media_type != MediaType::Other)
                .then(|| PictureModel { small: id.small_picture(links), large: id.large_picture(links) }),
        }
    }
}
