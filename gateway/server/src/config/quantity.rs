//! Numbers with a unit.

use std::time::Duration;

/// Something that is written as a number and a unit, and is not nothing.
pub(super) trait Quantity: Copy {
    /// What to write, for the message to whoever wrote something else.
    const WHAT: &'static str;

    /// Reads it.
    fn read(text: &str) -> Option<Self>;
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Size(pub(super) usize);

impl Quantity for Duration {
    const WHAT: &'static str = "a time such as 500ms, 15s, 2m or 1h";

    fn read(text: &str) -> Option<Self> {
        let (number, unit) = split(text)?;
        let duration = match unit {
            "ms" => Duration::from_millis(number),
            "s" => Duration::from_secs(number),
            "m" => Duration::from_secs(number.checked_mul(60)?),
            "h" => Duration::from_secs(number.checked_mul(3_600)?),
            _ => return None,
        };
        (!duration.is_zero()).then_some(duration)
    }
}

impl Quantity for Size {
    const WHAT: &'static str = "a size such as 65536, 100kB, 64KiB or 16MiB";

    fn read(text: &str) -> Option<Self> {
        let (number, unit) = split(text)?;
        let factor = match unit {
            "" | "B" => 1,
            "kB" => 1_000,
            "MB" => 1_000_000,
            "KiB" => 1_024,
            "MiB" => 1_024 * 1_024,
            _ => return None,
        };
        let bytes = usize::try_from(number.checked_mul(factor)?).ok()?;
        (bytes > 0).then_some(Self(bytes))
    }
}

fn split(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    Some((number.parse().ok()?, unit.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_duration(text: &str, expected: Option<Duration>) {
        assert_eq!(Duration::read(text), expected, "{text:?}");
    }

    #[track_caller]
    fn check_size(text: &str, expected: Option<usize>) {
        assert_eq!(Size::read(text), expected.map(Size), "{text:?}");
    }

    #[test]
    fn durations() {
        check_duration("500ms", Some(Duration::from_millis(500)));
        check_duration("15 s", Some(Duration::from_secs(15)));
        check_duration("2m", Some(Duration::from_secs(120)));
        for bad in [
            "",
            "15",
            "s",
            "-1s",
            "1.5s",
            "0s",
            "1d",
            "99999999999999999999h",
        ] {
            check_duration(bad, None);
        }
    }

    #[test]
    fn sizes() {
        check_size("65536", Some(65_536));
        check_size("100kB", Some(100_000));
        check_size("1MiB", Some(1_048_576));
        for bad in ["", "0", "1GB", "kB", "18446744073709551615MiB"] {
            check_size(bad, None);
        }
    }
}
