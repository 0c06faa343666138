//! How the core's values are written and read with serde. A value is checked when it is read.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use crate::blob::{BlobKey, Digest};
use crate::id::{
    AttachmentId, CategoryId, GroupId, IncomingId, LabelId, LetterId, MessageNumber, Nonce, NoteFileId, NoteNumber,
    SavedAnswerId, SavedViewId, SupporterId, TicketNumber, UserId,
};
use crate::label::LabelName;
use crate::language::Language;
use crate::notification::{DropReason, Notification};
use crate::rating::Score;
use crate::saved_view::ViewName;
use crate::search::Search;
use crate::ticket::{Body, FileName, MediaType, Subject};
use crate::time_zone::TimeZone;

/// A type, the type in which it is written, and both conversions. Reading gives `None` for invalid values.
macro_rules! values {
    ($($type:ty as $form:ty: $value:ident => $written:expr, $read:ident => $back:expr;)+) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let $value = self;
                $written.serialize(to)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let $read = <$form>::deserialize(from)?;
                $back.ok_or_else(|| D::Error::custom(concat!("not a valid ", stringify!($type))))
            }
        }
    )+};
}

values! {
    TicketNumber as i64: number => number.get(), number => Self::new(number);
    NoteNumber as u32: number => number.get(), number => Self::new(number);
    MessageNumber as u32: number => number.get(), number => Self::new(number);
    Score as u8: score => score.stars(), stars => Self::new(stars);
    UserId as String: id => id.as_str(), text => Some(Self::new(text));
    GroupId as String: id => id.as_str(), text => Some(Self::new(text));
    CategoryId as String: id => id.as_str(), text => Some(Self::new(text));
    SupporterId as String: id => id.to_string(), text => text.parse().ok();
    IncomingId as String: id => id.to_string(), text => text.parse().ok();
    SavedAnswerId as String: id => id.to_string(), text => text.parse().ok();
    SavedViewId as String: id => id.to_string(), text => text.parse().ok();
    AttachmentId as String: id => id.to_string(), text => text.parse().ok();
    NoteFileId as String: id => id.to_string(), text => text.parse().ok();
    LabelId as String: id => id.to_string(), text => text.parse().ok();
    LetterId as String: id => id.to_string(), text => text.parse().ok();
    Nonce as String: nonce => nonce.to_string(), text => text.parse().ok();
    BlobKey as String: key => key.as_str(), text => Self::from_stored(&text);
    Digest as String: digest => digest.to_string(), text => Self::from_stored(&text);
    Subject as String: subject => subject.as_str(), text => Self::from_stored(text);
    Body as String: body => body.as_str(), text => Self::from_stored(text);
    LabelName as String: name => name.as_str(), text => Self::from_stored(text);
    ViewName as String: name => name.as_str(), text => Self::from_stored(text);
    Search as String: search => search.as_str(), text => Self::parse(&text);
    FileName as String: name => name.as_str(), text => Self::from_stored(text);
    MediaType as String: kind => kind.as_str(), text => text.parse().ok();
    Notification as String: notification => notification.as_str(), text => text.parse().ok();
    DropReason as String: reason => reason.as_str(), text => text.parse().ok();
    TimeZone as String: zone => zone.as_str(), text => Self::parse(&text);
    Language as String: language => language.as_str(), text => Self::parse(&text);
}

/// Writes a map as a list of pairs, because a key in JSON is always a text.
pub(crate) mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(map: &BTreeMap<K, V>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::IntoDeserializer;
    use serde::de::value::Error as Invalid;

    #[test]
    fn a_value_is_checked_when_it_is_read() {
        let number = |number: i64| TicketNumber::deserialize(IntoDeserializer::<Invalid>::into_deserializer(number));
        assert_eq!(number(7), Ok(TicketNumber::new(7).unwrap()));
        assert_eq!(number(0).unwrap_err().to_string(), "not a valid TicketNumber");
        let subject = |text: &str| Subject::deserialize(IntoDeserializer::<Invalid>::into_deserializer(text.to_owned()));
        assert_eq!(subject("printer").unwrap().as_str(), "printer");
        assert!(subject("a\nb").is_err() && subject("").is_err());
    }
}
