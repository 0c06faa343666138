//! Durations, in words.

use muticket_core::figures::Wait;
use serde::Serialize;

/// A duration in the unit that keeps it short.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Span {
    sentence: &'static str,
    amount: f64,
    digits: u8,
}

impl Span {
    pub(super) fn of(seconds: f64) -> Self {
        const HOUR: f64 = 3600.0;
        let (sentence, amount, digits) = match seconds {
            ..HOUR => ("backend-span-minutes", seconds / 60.0, 0),
            ..86_400.0 => ("backend-span-hours", seconds / HOUR, 1),
            _ => ("backend-span-days", seconds / 86_400.0, 1),
        };
        Self { sentence, amount, digits }
    }
}

/// The key of the sentence that says how long the wait is.
pub(super) fn sentence_of(wait: Wait) -> &'static str {
    match wait {
        Wait::Hour => "backend-wait-hour",
        Wait::FourHours => "backend-wait-four-hours",
        Wait::Day => "backend-wait-day",
        Wait::ThreeDays => "backend-wait-three-days",
        Wait::Longer => "backend-wait-longer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_the_unit_that_keeps_it_short() {
        let told = |seconds| {
            let span = Span::of(seconds);
            (span.sentence, span.amount)
        };
        assert_eq!(told(0.0), ("backend-span-minutes", 0.0));
        assert_eq!(told(90.0), ("backend-span-minutes", 1.5));
        assert_eq!(told(9000.0), ("backend-span-hours", 2.5));
        assert_eq!(told(129_600.0), ("backend-span-days", 1.5));
    }
}
