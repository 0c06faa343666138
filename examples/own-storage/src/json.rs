//! Reads and writes the core's values, because the core does not use serde: texts and ids become strings, numbers become numbers. The rows
//! are described next to their tables; serde does the rest.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use muticket_core::blob::{BlobKey, Digest};
use muticket_core::history::Change;
use muticket_core::id::{AttachmentId, CategoryId, GroupId, LetterId, MessageNumber, Nonce, SupporterId, TicketNumber, UserId};
use muticket_core::language::Language;
use muticket_core::notice::{DropReason, Notice};
use muticket_core::rating::Score;
use muticket_core::site_address::SiteAddress;
use muticket_core::storage::Pulse;
use muticket_core::ticket::{Body, FileName, MediaType, Subject};
use muticket_core::time_zone::TimeZone;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

/// The trait that `#[serde(with = "Json")]` uses.
pub(crate) trait Json: Sized {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;
    fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

/// A type, the type in which it is written, and both conversions. Reading gives `None` for invalid values.
macro_rules! values {
    ($($type:ty as $form:ty: $value:ident => $written:expr, $read:pat => $back:expr;)+) => {$(
        impl Json for $type {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let $value = self;
                Serialize::serialize(&$written, to)
            }

            fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let $read = <$form>::deserialize(from)?;
                $back.ok_or_else(|| D::Error::custom(concat!("this is no ", stringify!($type))))
            }
        }
    )+};
}

values! {
    TicketNumber as i64: number => number.get(), number => Self::new(number);
    MessageNumber as u32: number => number.get(), number => Self::new(number);
    Score as u8: score => score.stars(), stars => Self::new(stars);
    UserId as String: id => id.as_str(), text => Some(Self::new(text));
    GroupId as String: id => id.as_str(), text => Some(Self::new(text));
    CategoryId as String: id => id.as_str(), text => Some(Self::new(text));
    SupporterId as String: id => id.to_string(), text => text.parse().ok();
    AttachmentId as String: id => id.to_string(), text => text.parse().ok();
    LetterId as String: id => id.to_string(), text => text.parse().ok();
    Nonce as String: nonce => nonce.to_string(), text => text.parse().ok();
    BlobKey as String: key => key.as_str(), text => Self::from_stored(&text);
    Digest as String: digest => digest.to_string(), text => Self::from_stored(&text);
    Subject as String: subject => subject.as_str(), text => Self::from_stored(text);
    Body as String: body => body.as_str(), text => Self::from_stored(text);
    FileName as String: name => name.as_str(), text => Self::from_stored(text);
    MediaType as String: kind => kind.as_str(), text => Self::from_stored(&text);
    Notice as String: notice => notice.as_str(), text => Self::from_stored(&text);
    DropReason as String: reason => reason.as_str(), text => Self::from_stored(&text);
    TimeZone as String: zone => zone.as_str(), text => Self::parse(&text);
    Language as String: language => language.as_str(), text => Self::parse(&text);
    Pulse as (u64, DateTime<Utc>, bool): pulse => (pulse.beat, pulse.at, pulse.stopped),
        pulse => Some(Self { beat: pulse.0, at: pulse.1, stopped: pulse.2 });
    Change as (String, Option<u32>, Option<u8>): change => {
        let (name, message, score) = change.parts();
        (name, message.map(MessageNumber::get), score.map(Score::stars))
    }, (name, message, stars) => Self::from_parts(&name, message.and_then(MessageNumber::new), stars.and_then(Score::new));
    SiteAddress as (String, Option<String>): site => (&site.base, &site.url),
        site => Some(Self::new(&site.0, site.1.as_deref()));
    (Language, String) as (String, String): name => (name.0.as_str(), &name.1),
        name => Language::parse(&name.0).map(|language| (language, name.1));
}

/// Implements `Json` for a row type, using the remote type from which serde derives its code.
macro_rules! rows {
    ($type:ty as $row:ty) => {
        impl Json for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                <$row>::serialize(self, to)
            }

            fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <$row>::deserialize(from)
            }
        }
    };
}
pub(crate) use rows;

/// A single value, for serde.
struct One<T>(T);

impl<T: Json> Serialize for One<&T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Json::serialize(self.0, to)
    }
}

impl<'de, T: Json> Deserialize<'de> for One<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Json::deserialize(from).map(Self)
    }
}

impl<T: Json> Json for Option<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Serialize::serialize(&self.as_ref().map(One), to)
    }

    fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let one = <Option<One<T>> as Deserialize>::deserialize(from)?;
        Ok(one.map(|One(value)| value))
    }
}

impl<T: Json> Json for Vec<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(One))
    }

    fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let all = <Vec<One<T>> as Deserialize>::deserialize(from)?;
        Ok(all.into_iter().map(|One(value)| value).collect())
    }
}

impl<T: Json + Ord> Json for BTreeSet<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(One))
    }

    fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(<Vec<T> as Json>::deserialize(from)?.into_iter().collect())
    }
}
