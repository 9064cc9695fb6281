//! Who really wrote: what the receiving server found, as it says in `Authentication-Results` (RFC 8601).
//!
//! Anybody can write such a field. Only those count whose authserv-id is the one that the mailbox trusts, and of
//! these only the topmost: a server writes above what it received, so what the sender brought along is lower down. A
//! server may write several fields for one mail (each milter of Postfix its own, for DKIM, DMARC and SPF; Google and
//! rspamd write one), so a block is read: from the first trusted field down to the next `Received`. Within it the
//! topmost field that says something about a method decides about it, so that a forged field below cannot change what
//! the server said. It could add what the server does not say at all, if it stands above the sender's own first
//! `Received`; RFC 8601 §5 obliges the server to remove such fields, and a mailbox without a server that does so
//! should trust nobody. `ARC-Authentication-Results` are the words of other servers and are not read.
//!
//! Exchange Online breaks the rule and writes no authserv-id, but one field about all three methods, above what it
//! received. Who trusts [`MICROSOFT`], its name in its own ARC fields, trusts the topmost field without any.
//!
//! A verdict is `fail` only when the check says that it is wrong. `softfail` is unknown: the owner of the domain does
//! not dare to say that it is (RFC 7208 §8.5), and every forwarded mail of such a domain gets it; DMARC draws the
//! consequences. `none`, `neutral`, `policy`, `temperror` and `permerror` say that there was nothing to check or that
//! it could not be. A broken DKIM signature beside a good one is no harm (RFC 6376 §6.1): lists and relays leave such
//! traces.

use super::headers::Headers;
use crate::domain::mail::{Authenticity, Verdict};

/// The name that Exchange Online gives itself.
pub const MICROSOFT: &str = "mx.microsoft.com";

/// Fields of a block that are read; milters are three or four.
const MAX_FIELDS: usize = 20;
/// Results of one field that are read: a mail with more signatures than this is no letter.
const MAX_RESULTS: usize = 200;

/// What the server called `authserv_id` found about a mail. `None` when it says nothing, or no server is trusted.
#[must_use]
pub fn read(headers: &Headers, authserv_id: &str) -> Option<Authenticity> {
    let trusted = authserv_id.trim();
    if trusted.is_empty() {
        return None;
    }
    let block = headers
        .fields()
        .skip_while(|(name, text)| !(is_results(name) && is_trusted(text, trusted)))
        .take_while(|(name, _)| !name.eq_ignore_ascii_case("Received"))
        .filter(|(name, text)| is_results(name) && is_trusted(text, trusted));
    let mut found: Option<Methods> = None;
    for (_, text) in block.take(MAX_FIELDS) {
        found.get_or_insert_default().below(Methods::of(text));
    }
    found.map(|methods| Authenticity {
        dmarc: methods.dmarc.unwrap_or_default(),
        spf: methods.spf.unwrap_or_default(),
        dkim: methods.dkim.unwrap_or_default(),
    })
}

fn is_results(name: &str) -> bool {
    name.eq_ignore_ascii_case("Authentication-Results")
}

/// The field begins with the trusted name, and perhaps a version.
fn is_trusted(text: &str, trusted: &str) -> bool {
    let id = pieces(text).next().unwrap_or_default();
    let id = id.split_whitespace().next().unwrap_or_default();
    id.eq_ignore_ascii_case(trusted) || (trusted.eq_ignore_ascii_case(MICROSOFT) && id.contains('='))
}

/// What one field, or a block of them, says about each method; `None` where it says nothing.
#[derive(Clone, Copy, Default)]
struct Methods {
    dmarc: Option<Verdict>,
    spf: Option<Verdict>,
    dkim: Option<Verdict>,
}

impl Methods {
    /// Takes in what a field further down says about methods of which nothing is known yet.
    fn below(&mut self, lower: Self) {
        self.dmarc = self.dmarc.or(lower.dmarc);
        self.spf = self.spf.or(lower.spf);
        self.dkim = self.dkim.or(lower.dkim);
    }

    fn of(text: &str) -> Self {
        let mut found = Self::default();
        let mut helo = None;
        for piece in pieces(text).take(MAX_RESULTS) {
            let Some((method, verdict)) = result(&piece) else { continue };
            match method.as_str() {
                // any good signature is enough
                "dkim" => found.dkim = Some(found.dkim.map_or(verdict, |known| better(known, verdict))),
                // several authors: one who is wrong spoils it
                "dmarc" => found.dmarc = Some(found.dmarc.map_or(verdict, |known| worse(known, verdict))),
                // a server's own name proves nothing about the sender, unless there is none
                "spf" if piece.contains("smtp.helo") && !piece.contains("smtp.mail") => {
                    helo = helo.or(Some(verdict));
                }
                "spf" => found.spf = found.spf.or(Some(verdict)),
                _ => {}
            }
        }
        found.spf = found.spf.or(helo);
        found
    }
}

fn better(one: Verdict, other: Verdict) -> Verdict {
    choose(one, other, [Verdict::Pass, Verdict::Fail])
}

fn worse(one: Verdict, other: Verdict) -> Verdict {
    choose(one, other, [Verdict::Fail, Verdict::Unknown])
}

fn choose(one: Verdict, other: Verdict, order: [Verdict; 2]) -> Verdict {
    let either = |verdict: &Verdict| one == *verdict || other == *verdict;
    order.into_iter().find(either).unwrap_or(one)
}

/// `method[/version]=result` at the beginning of a piece, lower case.
fn result(piece: &str) -> Option<(String, Verdict)> {
    let (method, rest) = piece.split_once('=')?;
    let method = method.split_once('/').map_or(method, |(method, _)| method).trim();
    let verdict = match rest.split_whitespace().next()? {
        "pass" => Verdict::Pass,
        // the name that RFC 8601 §2.7.2 gave up
        "fail" | "hardfail" => Verdict::Fail,
        _ => Verdict::Unknown,
    };
    Some((method.to_owned(), verdict))
}

/// What stands between semicolons, lower case, without comments. What is quoted has no signs left that mean
/// something: the sender chooses some of it (a local part may well be `"; dmarc=pass"`).
fn pieces(text: &str) -> impl Iterator<Item = String> {
    let mut letters = text.chars().map(|c| c.to_ascii_lowercase()).fuse();
    let mut ended = false;
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let mut piece = String::new();
        let mut comments = 0usize;
        let mut quoted = false;
        loop {
            let Some(c) = letters.next() else {
                ended = true;
                break;
            };
            match c {
                '\\' if quoted || comments > 0 => drop(letters.next()),
                '"' if comments == 0 => quoted = !quoted,
                _ if quoted => piece.push(if c.is_alphanumeric() || ".-@".contains(c) { c } else { '_' }),
                '(' => comments += 1,
                ')' if comments > 0 => {
                    comments -= 1;
                    piece.push(' ');
                }
                _ if comments > 0 => {}
                ';' => break,
                c => piece.push(c),
            }
        }
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Fail, Pass, Unknown};

    const OURS: &str = "mx.ente.example";

    fn found(header: &str) -> Option<(Verdict, Verdict, Verdict)> {
        found_by(OURS, header)
    }

    fn found_by(trusted: &str, header: &str) -> Option<(Verdict, Verdict, Verdict)> {
        let found = read(&Headers::read(header.as_bytes()), trusted)?;
        Some((found.dmarc, found.spf, found.dkim))
    }

    #[test]
    fn one_field_says_it_all() {
        let google = "Authentication-Results: MX.ente.example;\r\n       dkim=pass header.i=@libero.example header.s=x \
            header.b=RJ/+nz;\r\n       spf=pass (ente.example: domain of a@b designates 192.0.2.1 as permitted sender) \
            smtp.mailfrom=a@b;\r\n       dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=libero.example\r\n";
        assert_eq!(found(google), Some((Pass, Pass, Pass)));
        let forged = "Authentication-Results: mx.ente.example 1; spf=fail smtp.mailfrom=evil.example; dkim=none; \
            dmarc=fail header.from=ente.example\r\n";
        assert_eq!(found(forged), Some((Fail, Fail, Unknown)));
    }

    #[test]
    fn several_milters_of_one_server_speak_together() {
        let block = "Authentication-Results: mx.ente.example; dmarc=fail header.from=b\r\n\
            DMARC-Filter: OpenDMARC\r\n\
            Authentication-Results: mx.ente.example; dkim=fail reason=\"bad; dmarc=pass\" header.d=b\r\n\
            Received-SPF: pass\r\n\
            Authentication-Results: mx.ente.example; spf=pass smtp.mailfrom=b\r\n\
            Received: from b by mx.ente.example\r\n";
        assert_eq!(found(block), Some((Fail, Pass, Fail)));
    }

    #[test]
    fn a_field_that_the_sender_brought_along_changes_nothing() {
        let lower = "Authentication-Results: mx.ente.example; dmarc=fail; spf=fail; dkim=fail\r\n\
            Authentication-Results: mx.ente.example; dmarc=pass; spf=pass; dkim=pass\r\n";
        assert_eq!(found(lower), Some((Fail, Fail, Fail)));
        let below_received = "Authentication-Results: mx.ente.example; spf=softfail\r\n\
            Received: from evil by mx.ente.example\r\n\
            Authentication-Results: mx.ente.example; dmarc=pass; spf=pass; dkim=pass\r\n";
        assert_eq!(found(below_received), Some((Unknown, Unknown, Unknown)));
    }

    #[test]
    fn words_of_other_servers_are_not_heard() {
        for header in [
            "Authentication-Results: mx.evil.example; dmarc=pass\r\n",
            "Authentication-Results: mx.ente.example.evil.example; dmarc=pass\r\n",
            "Authentication-Results: (mx.ente.example;) mx.evil.example; dmarc=pass\r\n",
            "ARC-Authentication-Results: i=1; mx.ente.example; dmarc=pass\r\n",
            "Authentication-Results: spf=pass smtp.mailfrom=b; dmarc=pass\r\n",
            "Authentication-Results: \r\n",
            "Subject: mx.ente.example; dmarc=pass\r\n",
        ] {
            assert_eq!(found(header), None, "{header}");
        }
        assert_eq!(found_by("", "Authentication-Results: ; dmarc=pass\r\n"), None);
        assert_eq!(found_by(" ", "Authentication-Results: dmarc=pass\r\n"), None);
    }

    #[test]
    fn what_a_sender_may_write_inside_a_value_is_no_result() {
        for header in [
            "Authentication-Results: mx.ente.example; spf=none smtp.mailfrom=\"; dmarc=pass\"@b\r\n",
            "Authentication-Results: mx.ente.example; spf=none (a \\) ; dmarc=pass) smtp.mailfrom=b\r\n",
            "Authentication-Results: mx.ente.example; spf=none ((x) ; dmarc=pass) smtp.mailfrom=b\r\n",
            "Authentication-Results: mx.ente.example; spf=none smtp.mailfrom==?utf-8?Q?=3B_dmarc=3Dpass?=@b\r\n",
            "Authentication-Results: mx.ente.example; spf=none reason=\"dmarc=pass\r\n",
        ] {
            assert_eq!(found(header), Some((Unknown, Unknown, Unknown)), "{header}");
        }
    }

    #[test]
    fn one_good_signature_is_enough_and_one_wrong_author_too_many() {
        let header =
            |results: &str| found(&format!("Authentication-Results: mx.ente.example; {results}\r\n"));
        assert_eq!(header("dkim=fail header.d=list; dkim=pass header.d=b"), Some((Unknown, Unknown, Pass)));
        assert_eq!(header("dkim=neutral; dkim=fail"), Some((Unknown, Unknown, Fail)));
        assert_eq!(header("dmarc=pass; dmarc=fail"), Some((Fail, Unknown, Unknown)));
        assert_eq!(header("spf=pass smtp.helo=b; spf=fail smtp.mailfrom=b"), Some((Unknown, Fail, Unknown)));
        assert_eq!(header("spf=pass smtp.helo=b"), Some((Unknown, Pass, Unknown)));
        assert_eq!(header("SPF / 1 = PASS (x) smtp.mailfrom = b"), Some((Unknown, Pass, Unknown)));
    }

    #[test]
    fn what_the_server_does_not_dare_to_say_is_unknown() {
        for result in
            ["none", "neutral", "softfail", "policy", "temperror", "permerror", "bestguesspass", "skipped"]
        {
            let header = format!(
                "Authentication-Results: mx.ente.example; dmarc={result}; spf={result}; dkim={result}\r\n"
            );
            assert_eq!(found(&header), Some((Unknown, Unknown, Unknown)), "{result}");
        }
        assert_eq!(
            found("Authentication-Results: mx.ente.example; none\r\n"),
            Some((Unknown, Unknown, Unknown))
        );
    }

    #[test]
    fn exchange_online_is_trusted_by_its_own_name() {
        let header = "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=b; ente.example; dkim=pass \
            (signature was verified)\r\n header.d=b;ente.example;dmarc=bestguesspass action=none\r\n header.from=b;\
            compauth=pass reason=100\r\nAuthentication-Results-Original: spf=fail; dmarc=pass\r\n";
        assert_eq!(found_by(MICROSOFT, header), Some((Unknown, Pass, Pass)));
        assert_eq!(found_by("MX.microsoft.com", header), Some((Unknown, Pass, Pass)));
        assert_eq!(found(header), None);
    }

    #[test]
    fn a_field_without_end_is_read_to_its_limit() {
        let many = "dkim=fail; ".repeat(100_000);
        let header = format!("Authentication-Results: mx.ente.example; {many} dkim=pass\r\n");
        assert_eq!(found(&header), Some((Unknown, Unknown, Fail)));
        let nested = "(".repeat(20_000);
        let header = format!("Authentication-Results: mx.ente.example; spf=fail {nested}; spf=pass\r\n");
        assert_eq!(found(&header), Some((Unknown, Fail, Unknown)));
    }
}
