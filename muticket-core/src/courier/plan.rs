//! The next state of a letter that could not be sent (P-22, P-23). Pure.

use chrono::{DateTime, TimeDelta, Utc};

use crate::causes::with_causes;
use crate::characters::within_line;
use crate::id::LetterId;
use crate::mail::trouble::{UNCERTAIN, UNWRITTEN};
use crate::mail::words::cut;
use crate::mail::{RenderError, SendError};
use crate::notification::{LetterState, OutboxEntry};

/// The waiting time in minutes after the first, second, ... failure. The last one repeats.
const MINUTES: [i64; 5] = [1, 5, 15, 30, 60];
/// How long a letter is retried.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(5);
/// The most attempts. They take longer than five days, so this limit ends only a letter that a wrong clock dated in the future.
const MOST_ATTEMPTS: u32 = 150;
/// How far ahead a letter may be due. What is due later was dated by a clock that was wrong: the longest wait of the plan is 66
/// minutes, and this leaves room for a clock that is behind.
pub(crate) const FARTHEST: TimeDelta = TimeDelta::hours(3);
/// How often a letter is sent at most if each time may have succeeded.
const MAX_COPIES: u32 = 3;
/// The longest stored problem, in characters.
const MAX_PROBLEM: usize = 500;

/// The state of a letter whose latest attempt, included in `entry.attempts`, failed at `now`.
pub(crate) fn after_failure(entry: &OutboxEntry, error: &SendError, now: DateTime<Utc>) -> LetterState {
    let (reason, given_up) = match error {
        SendError::Permanent { reason } => (reason.clone(), true),
        // A letter that an administrator retries after the five days still gets the first steps of the plan.
        SendError::Passing { reason, .. } => {
            let is_old = now - entry.created_at >= GIVE_UP_AFTER && entry.attempts as usize > MINUTES.len();
            (reason.clone(), is_old || entry.attempts >= MOST_ATTEMPTS)
        }
        // Earlier attempts, in this process or another, are known only by their number. As every attempt counts, there are
        // never more copies than allowed; there may be fewer.
        SendError::Unknown { reason } => (format!("{UNCERTAIN}{reason}"), entry.attempts >= MAX_COPIES),
    };
    let problem = problem(&reason);
    if given_up {
        return LetterState::Failed { at: now, problem };
    }
    LetterState::Waiting { not_before: now + delay(entry.id, entry.attempts), problem: Some(problem) }
}

/// The state of a letter that was not tried because of a server problem. It keeps its place and shows the reason. After five
/// days of waiting for the server it fails.
pub(crate) fn after_outage(entry: &OutboxEntry, reason: &str, now: DateTime<Utc>) -> LetterState {
    let (not_before, problem) = (due_since(entry), problem(reason));
    if now - not_before >= GIVE_UP_AFTER {
        return LetterState::Failed { at: now, problem };
    }
    LetterState::Waiting { not_before, problem: Some(problem) }
}

/// The previous state of a claimed letter, so that it keeps its place.
pub(crate) fn untried(entry: &OutboxEntry) -> LetterState {
    match &entry.state {
        waiting @ LetterState::Waiting { .. } => waiting.clone(),
        _ => LetterState::Waiting { not_before: due_since(entry), problem: None },
    }
}

/// The time since which a claimed letter was due.
fn due_since(entry: &OutboxEntry) -> DateTime<Utc> {
    match entry.state {
        LetterState::Waiting { not_before, .. } => not_before,
        LetterState::Claimed { until } => until,
        // Letters in other states are never claimed.
        _ => entry.created_at,
    }
}

/// The pause after this many failures of the mail server in a row. The first retry is immediate, because the server may only
/// have closed a connection.
pub(crate) fn rest(failures: usize) -> TimeDelta {
    const SECONDS: [i64; 8] = [0, 1, 5, 15, 30, 60, 120, 300];
    TimeDelta::seconds(SECONDS[failures.saturating_sub(1).min(SECONDS.len() - 1)])
}

/// The state of a letter whose text could not be written.
pub(crate) fn unwritten(error: &RenderError, now: DateTime<Utc>) -> LetterState {
    LetterState::Failed { at: now, problem: problem(&format!("{UNWRITTEN}{}", with_causes(error))) }
}

/// Shortens a problem for storage: one line of limited length.
pub(crate) fn problem(reason: &str) -> String {
    cut(&within_line(reason), MAX_PROBLEM)
}

/// The waiting time after this many attempts, with a deviation of up to a tenth, so that letters which failed together are
/// not retried together. The deviation is derived from the letter's id, so it needs no random numbers and is reproducible.
fn delay(id: LetterId, attempts: u32) -> TimeDelta {
    let step = (attempts as usize).saturating_sub(1).min(MINUTES.len() - 1);
    let fold = |hash: u64, octet: &u8| (hash ^ u64::from(*octet)).wrapping_mul(0x0100_0000_01b3);
    let hash = id.0.as_bytes().iter().chain(&attempts.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325, fold);
    let per_mille = 900 + i64::try_from((hash >> 32) % 201).unwrap_or(100);
    TimeDelta::milliseconds(MINUTES[step] * 60 * per_mille)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::{MessageNumber, TicketNumber, UserId};
    use crate::notification::{About, Notification};

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn entry(attempts: u32) -> OutboxEntry {
        OutboxEntry {
            id: LetterId(Uuid::from_u128(7)),
            notification: Notification::TicketOpened,
            ticket: TicketNumber::new(1),
            message: Some(MessageNumber::FIRST),
            about: About::Message,
            recipient: UserId::new("sara"),
            created_at: start(),
            attempts,
            claims: attempts,
            state: LetterState::Claimed { until: start() },
        }
    }

    fn passing() -> SendError {
        SendError::Passing { reason: "450 later".to_owned(), server_down: false }
    }

    #[test]
    fn the_waiting_times_as_a_table() {
        for (attempts, minutes) in [(0, 1), (1, 1), (2, 5), (3, 15), (4, 30), (5, 60), (6, 60), (100, 60), (u32::MAX, 60)] {
            for id in 0..200 {
                let delay = delay(LetterId(Uuid::from_u128(id)), attempts);
                let (least, most) = (TimeDelta::seconds(minutes * 54), TimeDelta::seconds(minutes * 66));
                assert!(least <= delay && delay <= most, "{attempts}: {delay}");
            }
        }
    }

    #[test]
    fn letters_that_failed_together_do_not_come_back_together() {
        let delays: std::collections::BTreeSet<_> = (0..200).map(|id| delay(LetterId(Uuid::from_u128(id)), 5)).collect();
        assert!(delays.len() > 60, "{}", delays.len());
    }

    #[test]
    fn a_letter_is_tried_for_five_days() {
        let (mut now, mut tries) = (start(), 1);
        while let LetterState::Waiting { not_before, .. } = after_failure(&entry(tries), &passing(), now) {
            now = not_before;
            tries += 1;
        }
        let days = now - start();
        assert!(days >= TimeDelta::days(5) && days < TimeDelta::days(5) + TimeDelta::minutes(67), "{days}");
        assert!((110..140).contains(&tries), "{tries}");
    }

    /// P-32: a letter from the future is never five days old.
    #[test]
    fn a_letter_of_a_wrong_clock_is_not_tried_for_ever() {
        let earlier = start() - TimeDelta::days(3650);
        assert!(matches!(after_failure(&entry(MOST_ATTEMPTS - 1), &passing(), earlier), LetterState::Waiting { .. }));
        assert!(matches!(after_failure(&entry(MOST_ATTEMPTS), &passing(), earlier), LetterState::Failed { .. }));
    }

    #[test]
    fn an_old_letter_that_is_sent_again_gets_some_tries() {
        let later = start() + TimeDelta::days(30);
        assert!(matches!(after_failure(&entry(5), &passing(), later), LetterState::Waiting { .. }));
        assert!(matches!(after_failure(&entry(6), &passing(), later), LetterState::Failed { .. }));
    }

    #[test]
    fn a_letter_that_was_not_tried_keeps_its_place() {
        let waiting = LetterState::Waiting { not_before: start(), problem: Some("450 later".to_owned()) };
        let letter = OutboxEntry { state: waiting.clone(), ..entry(3) };
        assert_eq!(untried(&letter), waiting);
        assert_eq!(untried(&entry(1)), LetterState::Waiting { not_before: start(), problem: None }, "its claim lapsed then");
        let days = |days| start() + TimeDelta::days(days) - TimeDelta::seconds(1);
        let problem = "nobody there".to_owned();
        let kept = LetterState::Waiting { not_before: start(), problem: Some(problem.clone()) };
        assert_eq!(after_outage(&letter, &problem, days(5)), kept);
        assert_eq!(after_outage(&letter, &problem, days(6)), LetterState::Failed { at: days(6), problem: problem.clone() });
    }

    #[test]
    fn the_server_is_left_alone_longer_and_longer() {
        let pauses: Vec<_> = (0..12).map(|failures| rest(failures).num_seconds()).collect();
        assert_eq!(pauses, [0, 0, 1, 5, 15, 30, 60, 120, 300, 300, 300, 300]);
    }

    #[test]
    fn a_refused_letter_is_not_tried_again() {
        let refused = SendError::Permanent { reason: "550 no such user\r\n\u{1b}[31m".to_owned() + &"x".repeat(900) };
        let LetterState::Failed { problem, .. } = after_failure(&entry(1), &refused, start()) else {
            panic!("it is tried again")
        };
        assert!(problem.starts_with("550 no such user x") && problem.chars().count() == 500);
    }

    #[test]
    fn an_uncertain_letter_is_sent_three_times_at_most() {
        let unknown = SendError::Unknown { reason: "no answer".to_owned() };
        for (attempts, waits) in [(1, true), (2, true), (3, false), (9, false)] {
            let state = after_failure(&entry(attempts), &unknown, start());
            assert_eq!(matches!(state, LetterState::Waiting { .. }), waits, "{attempts}");
        }
    }
}
