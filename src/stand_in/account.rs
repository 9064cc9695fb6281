//! Institutions, their keys and groups, and the checks at the door: who calls, with which kind of key, from where, how often.

use std::{
    collections::{BTreeSet, VecDeque},
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::answer::{Refusal, whole_seconds};

/// Length of the window in which calls are counted (facts 2.1).
const WINDOW: TimeDelta = TimeDelta::seconds(5);

/// What an account may do: groups of the gateway, by the names of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Group {
    /// Write to everybody.
    ApiMessageWrite,
    /// Write to authorised recipients only.
    ApiLimitedMessageWrite,
    /// Ask where a message stands.
    ApiMessageRead,
    /// Look up a profile.
    ApiLimitedProfileRead,
    /// Manage services.
    ApiServiceWrite,
    /// Older right of every account.
    ApiInfoRead,
    /// Remote content in a standard message.
    ApiThirdPartyMessageWrite,
    /// Premium messages.
    ApiMessageWriteAdvanced,
    /// Read and payment state of Premium messages.
    ApiMessageReadAdvanced,
    /// Payments to another creditor.
    ApiMessageWriteWithPayee,
    /// Green certificates.
    ApiMessageWriteEUCovidCert,
    /// Configurations of remote content.
    ApiRemoteContentConfigurationWrite,
}

/// What a new institution has (facts 1.8).
pub const NEW_INSTITUTION: [Group; 5] = [
    Group::ApiMessageWrite,
    Group::ApiInfoRead,
    Group::ApiMessageRead,
    Group::ApiLimitedProfileRead,
    Group::ApiServiceWrite,
];

/// An institution of the Area Riservata: the user of the gateway to whom services, keys and the budget of calls belong.
#[derive(Clone, Debug, Serialize)]
pub struct Institution {
    /// Its id at the gateway.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its code, eleven figures.
    pub fiscal_code: String,
    /// What it may do.
    pub groups: BTreeSet<Group>,
    /// The master manage key, primary and secondary.
    pub manage_keys: [String; 2],
    /// Addresses from which the manage key is good. Empty: all.
    pub manage_cidrs: Vec<String>,
    #[serde(skip)]
    calls: VecDeque<DateTime<Utc>>,
}

impl Institution {
    /// A new one, with the groups of a new one.
    #[must_use]
    pub fn new(id: &str, name: &str, fiscal_code: &str, manage_keys: [String; 2]) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            fiscal_code: fiscal_code.to_owned(),
            groups: BTreeSet::from(NEW_INSTITUTION),
            manage_keys,
            manage_cidrs: Vec::new(),
            calls: VecDeque::new(),
        }
    }

    /// Counts a call: how many are left in the window, or how long to wait. A call that is refused is not counted.
    pub fn count(&mut self, now: DateTime<Utc>, most: usize) -> Result<usize, Refusal> {
        while self.calls.front().is_some_and(|call| now - *call >= WINDOW) {
            self.calls.pop_front();
        }
        if self.calls.len() >= most {
            let oldest = self.calls.front().copied().unwrap_or(now);
            let wait = (oldest + WINDOW - now).to_std().unwrap_or(Duration::from_secs(1));
            return Err(Refusal::TooMany(whole_seconds(wait)));
        }
        self.calls.push_back(now);
        Ok(most - self.calls.len())
    }
}

/// A key that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Of one service, by its id.
    Use(String),
    /// Of the whole institution.
    Manage,
}

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Place of the institution in the list.
    pub institution: usize,
    /// With which key.
    pub key: Key,
    /// From where.
    pub ip: IpAddr,
}

/// A new key.
pub fn new_key() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// Whether an address is in one of the ranges. No range means everywhere (facts 1.7).
pub fn may_call_from(ip: IpAddr, ranges: &[String]) -> Result<(), Refusal> {
    let IpAddr::V4(ip) = ip.to_canonical() else {
        return if ranges.is_empty() { Ok(()) } else { Err(Refusal::not_allowed()) };
    };
    if ranges.is_empty() || ranges.iter().any(|range| contains(range, ip)) {
        Ok(())
    } else {
        Err(Refusal::not_allowed())
    }
}

fn contains(range: &str, ip: Ipv4Addr) -> bool {
    let (network, bits) = range.split_once('/').unwrap_or((range, "32"));
    let (Ok(network), Ok(bits)) = (network.parse::<Ipv4Addr>(), bits.parse::<u32>()) else {
        // 999.0.0.1 passes the API's pattern, and no address is in it.
        return false;
    };
    let mask = u32::MAX.checked_shl(32_u32.saturating_sub(bits)).unwrap_or(0);
    u32::from(network) & mask == u32::from(ip) & mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_their_addresses() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let from = |text: &str, range: &str| may_call_from(ip(text), &[range.to_owned()]).is_ok();
        assert!(
            from("127.0.0.1", "127.0.0.0/8")
                && from("127.0.0.1", "127.0.0.1")
                && from("1.2.3.4", "0.0.0.0/0")
        );
        assert!(from("::ffff:127.0.0.1", "127.0.0.1/32"));
        assert!(
            !from("127.0.0.1", "127.0.0.2/32") && !from("::1", "127.0.0.1") && !from("1.2.3.4", "999.0.0.1")
        );
        assert!(may_call_from(ip("::1"), &[]).is_ok());
    }
}
