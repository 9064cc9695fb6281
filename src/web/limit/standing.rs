//! What somebody is told about how much is left, and how long to wait.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::Rate;

/// Where somebody stands after asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub(super) rate: Rate,
    pub(super) remaining: u32,
    pub(super) wait: Option<Wait>,
}

/// Not before so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// At least one.
    pub seconds: u64,
}

impl Wait {
    /// The same as people say it: minutes begun, at least one.
    #[must_use]
    pub fn minutes(self) -> u64 {
        self.seconds.div_ceil(60).max(1)
    }

    /// The field of the answer that says it to programs (RFC 9110 §10.2.3).
    #[must_use]
    pub fn header(self) -> (HeaderName, HeaderValue) {
        (header::RETRY_AFTER, HeaderValue::from(self.seconds))
    }
}

impl Standing {
    /// The wait, if there is one.
    ///
    /// # Errors
    /// How long.
    pub fn judged(self) -> Result<(), Wait> {
        self.wait.map_or(Ok(()), Err)
    }

    /// Says it in the fields of the answer: `RateLimit` and `RateLimit-Policy` as in draft-ietf-httpapi-ratelimit-headers,
    /// and the three fields of its first versions, which is what most libraries read.
    pub fn write(self, headers: &mut HeaderMap) {
        let Self { rate, remaining, .. } = self;
        let (most, window, reset) = (rate.most.max(1), rate.within.as_secs(), self.reset());
        let mut set = |name: &'static str, value: String| {
            let value = HeaderValue::from_str(&value).expect("numbers and plain signs");
            headers.insert(HeaderName::from_static(name), value);
        };
        set("ratelimit-policy", format!("\"key\";q={most};w={window}"));
        set("ratelimit", format!("\"key\";r={remaining};t={reset}"));
        set("ratelimit-limit", most.to_string());
        set("ratelimit-remaining", remaining.to_string());
        set("ratelimit-reset", reset.to_string());
        if let Some(wait) = self.wait {
            let (name, value) = wait.header();
            headers.insert(name, value);
        }
    }

    /// Seconds until the measure is full again.
    fn reset(self) -> u64 {
        let most = u64::from(self.rate.most.max(1));
        let spent = most.saturating_sub(u64::from(self.remaining));
        (spent * self.rate.within.as_secs()).div_ceil(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(remaining: u32, wait: Option<Wait>) -> String {
        let mut headers = HeaderMap::new();
        Standing { rate: Rate::per_minute(2), remaining, wait }.write(&mut headers);
        let mut fields: Vec<String> =
            headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        fields.sort();
        fields.join("\n")
    }

    #[test]
    fn an_answer_says_where_one_stands() {
        insta::assert_snapshot!(written(1, None), @r#"
        ratelimit-limit: 2
        ratelimit-policy: "key";q=2;w=60
        ratelimit-remaining: 1
        ratelimit-reset: 30
        ratelimit: "key";r=1;t=30
        "#);
        let refused = written(0, Some(Wait { seconds: 60 }));
        assert!(refused.ends_with("retry-after: 60"), "{refused}");
    }

    #[test]
    fn people_wait_in_minutes() {
        let minutes = |seconds| Wait { seconds }.minutes();
        assert_eq!([minutes(0), minutes(1), minutes(60), minutes(61), minutes(359)], [1, 1, 1, 2, 6]);
    }
}
