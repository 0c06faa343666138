//! Which page has the form that is sent to an address.

use muticket_core::TicketNumber;

use crate::address::Address;

impl Address<'_> {
    /// The page with the form that is sent to this address; `None` if no page has such a form.
    pub(crate) fn form_page(self) -> Option<Self> {
        match self {
            Self::Tickets => Some(Self::NewTicket),
            Self::Actions => Some(Self::Tickets),
            Self::Ticket(number)
            | Self::Messages(number)
            | Self::Seen(number)
            | Self::Close(number)
            | Self::Reopen(number)
            | Self::Assignee(number)
            | Self::Priority(number)
            | Self::TicketCategory(number)
            | Self::Presence(number)
            | Self::TicketLabels(number)
            | Self::InsertSaved(number)
            | Self::Notes(number)
            | Self::Note(number, _)
            | Self::RemoveNote(number, _)
            | Self::Message(number, _)
            | Self::Rating(number, _) => number.parse::<TicketNumber>().is_ok().then_some(Self::Ticket(number)),
            Self::Supporters
            | Self::NewSupporter
            | Self::Supporter(_)
            | Self::EditSupporter(_)
            | Self::RemoveSupporter(_)
            | Self::SupporterAnswers(_)
            | Self::AnswersTable(_)
            | Self::DistributionTable(_)
            | Self::FirstAnswersTable(_)
            | Self::MonthsTable(_) => Some(Self::Supporters),
            Self::Statistics | Self::AssigneesTable | Self::LabelsTable | Self::PrioritiesTable => Some(Self::Statistics),
            Self::Settings => Some(Self::Settings),
            Self::Categories | Self::Category(_) | Self::RemoveCategory(_) | Self::CategoryUp(_) | Self::CategoryDown(_) => {
                Some(Self::Categories)
            }
            Self::Labels | Self::Label(_) | Self::RemoveLabel(_) => Some(Self::Labels),
            Self::SavedAnswers | Self::NewSavedAnswer | Self::SavedAnswer(_) | Self::DeleteSavedAnswer(_) => {
                Some(Self::SavedAnswers)
            }
            Self::SharedAnswers | Self::NewSharedAnswer | Self::SharedAnswer(_) | Self::DeleteSharedAnswer(_) => {
                Some(Self::SharedAnswers)
            }
            Self::Views
            | Self::FirstView
            | Self::View(_)
            | Self::ViewFilter(_)
            | Self::ShareView(_)
            | Self::UnshareView(_)
            | Self::RemoveView(_) => Some(Self::Views),
            Self::AllTickets | Self::DeleteTicket(_) => Some(Self::AllTickets),
            Self::Mail | Self::RetryLetter(_) | Self::ReleaseLetters | Self::DiscardLetters | Self::ResumeLetters => {
                Some(Self::Mail)
            }
            Self::Senders | Self::ForgetSender => Some(Self::Senders),
            Self::ReceivedMail
            | Self::IncomingOriginal(_)
            | Self::TakeIncoming(_)
            | Self::RepeatIncoming(_)
            | Self::DiscardIncoming(_) => Some(Self::ReceivedMail),
            Self::Home
            | Self::NewTicket
            | Self::News
            | Self::NextTicket
            | Self::MailDoor
            | Self::Letter(..)
            | Self::LetterText(..)
            | Self::NoteFile(..)
            | Self::SmallNotePicture(..)
            | Self::LargeNotePicture(..)
            | Self::Attachment(..)
            | Self::Thumbnail(_)
            | Self::AttachmentByName(..)
            | Self::SmallPicture(_)
            | Self::LargePicture(_)
            | Self::Asset(_)
            | Self::Backend
            | Self::CategoryOrder => None,
        }
    }
}
