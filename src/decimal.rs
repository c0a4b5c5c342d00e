//! Scores and shares, which are whole millionths inside, as decimals outside.

use std::fmt;

use serde::{Serialize, Serializer};

/// A number in millionths. It is shown as the decimal that it is, with up to six digits behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Micro(pub i64);

impl fmt::Display for Micro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{rest:06}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl Serialize for Micro {
    /// As the floating-point number nearest to the decimal, which every writer of JSON prints as that decimal.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[expect(clippy::cast_precision_loss, reason = "scores and shares are a few millions at most")]
        let number = self.0 as f64 / 1e6;
        serializer.serialize_f64(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn millionths_are_decimals_without_noise() {
        for (micro, text) in [(0, "0"), (1_000_000, "1"), (130_000, "0.13"), (-1, "-0.000001"), (1_234_567, "1.234567")]
        {
            assert_eq!(Micro(micro).to_string(), text);
        }
        for micro in (-3_000_000..3_000_000).step_by(7_919) {
            let json = serde_json::to_string(&Micro(micro)).expect("a number");
            let decimal = Micro(micro).to_string();
            assert!(json == decimal || json == format!("{decimal}.0") || json.contains('e'), "{json} {decimal}");
            assert_eq!(json.parse::<f64>(), decimal.parse::<f64>());
        }
    }
}
