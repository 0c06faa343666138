//! Users whom letters do not reach (M-05). Values only.

use chrono::{DateTime, TimeDelta, Utc};

use crate::id::UserId;
use crate::user::User;

/// A user whose letters came back: reports said that letters to their address were not delivered and will not be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Undeliverable {
    /// The user.
    pub user: UserId,
    /// The address that the letters went to, as the host spelled it. With another address, the reports no longer count.
    pub address: String,
    /// The number of reports, each about another letter, since the last letter of the user.
    pub reports: u32,
    /// When the first of them came.
    pub since: DateTime<Utc>,
    /// When the last of them came.
    pub last_at: DateTime<Utc>,
    /// What the last report says, in one line of at most 500 characters. Read it with [`Diagnosis`](crate::mail::Diagnosis).
    pub problem: String,
}

impl Undeliverable {
    /// After this number of reports, with no letter of the user in between, the user gets no more letters.
    pub const REPORTS: u32 = 3;
    /// How long reports count after the last one came. Then a letter is tried again.
    pub const COUNTS_FOR: TimeDelta = TimeDelta::days(90);
    /// The most such users that the backend lists.
    pub const MOST: u32 = 200;

    /// Whether the user, as the host knows them now, gets no letters at this time.
    pub fn stops(&self, user: &User, now: DateTime<Utc>) -> bool {
        self.reports >= Self::REPORTS && self.counts(user.address.as_deref(), now)
    }

    /// Whether the reports are about this address, and the last one is not too old.
    fn counts(&self, address: Option<&str>, now: DateTime<Utc>) -> bool {
        let is_of_address = address.is_some_and(|address| address.trim().eq_ignore_ascii_case(self.address.trim()));
        is_of_address && self.last_at > now - Self::COUNTS_FOR
    }

    /// What is stored after another report. `before` is what was stored for this user.
    #[must_use]
    pub fn after(before: Option<Self>, user: &UserId, address: &str, problem: &str, now: DateTime<Utc>) -> Self {
        let before = before.filter(|before| before.counts(Some(address), now));
        Self {
            user: user.clone(),
            address: address.trim().to_owned(),
            reports: before.as_ref().map_or(1, |before| before.reports.saturating_add(1)),
            since: before.map_or(now, |before| before.since),
            last_at: now,
            problem: problem.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(days)
    }

    fn anna(address: &str) -> User {
        User { address: Some(address.to_owned()), ..User::new("anna", "Anna") }
    }

    fn reported(before: Option<Undeliverable>, address: &str, day: i64) -> Undeliverable {
        Undeliverable::after(before, &UserId::new("anna"), address, "550 5.1.1 no such user", at(day))
    }

    /// M-05: "after three permanent ones".
    #[test]
    fn three_reports_in_a_row_stop_letters() {
        let first = reported(None, "anna@x.example", 0);
        let second = reported(Some(first.clone()), " Anna@x.example", 1);
        let third = reported(Some(second.clone()), "anna@x.example", 5);
        assert_eq!((third.reports, third.since, third.last_at), (3, at(0), at(5)));
        assert_eq!([first, second].map(|mark| mark.stops(&anna("anna@x.example"), at(5))), [false, false]);
        assert!(third.stops(&anna("ANNA@x.example "), at(94)));
        assert!(!third.stops(&anna("anna@x.example"), at(95)), "the last report is too old");
        assert!(!third.stops(&anna("anna@y.example"), at(5)), "the address is another one");
        assert!(!third.stops(&User::new("anna", "Anna"), at(5)));
    }

    #[test]
    fn reports_about_another_address_and_old_ones_do_not_count() {
        let first = reported(None, "anna@x.example", 0);
        let other = reported(Some(first.clone()), "anna@y.example", 1);
        assert_eq!((other.reports, other.since, other.address.as_str()), (1, at(1), "anna@y.example"));
        assert_eq!(reported(Some(first), "anna@x.example", 90).reports, 1);
    }
}
