//! From a signer's certificate up to an authority that we trust.
//!
//! webpki, which checks servers for us, was tried and refused: it knows no addresses, and gives up at the constraints
//! on addresses that the authority of all providers (`AgID CA1`) carries. What is checked here is what a provider's
//! chain consists of: names, signatures, what each certificate allows, and time.
//!
//! Time is the signers' own: there must be an instant at which all certificates up to the anchor held, and it is the
//! instant at which the signer says that it signed, when it says so. Refused: the clock, because a mail that is read
//! again (or brought over from another system) in ten years is as true as it was; and the `Date` of the mail, which
//! anybody writes. Accepted: who steals the expired key of a provider can write earlier dates. Revocation is not asked
//! for, because reading a mail never goes to the network.

use std::time::Duration;

use super::certificate::Certificate;

/// Certificates one above the other.
const MAX_PATH: usize = 6;
/// Signatures checked before the search is given up: certificates that all bear one name could be tried in any order.
const MAX_CHECKS: usize = 32;

/// Whether `signer` leads to one of `anchors`, over some of `others`.
pub fn leads_to_an_anchor(
    signer: &Certificate,
    others: &[Certificate],
    anchors: &[Certificate],
    signed_at: Option<Duration>,
) -> bool {
    let addresses = signer.addresses();
    let window = signed_at.map_or((Duration::ZERO, Duration::MAX), |at| (at, at));
    let mut search = Search { others, anchors, addresses: &addresses, checks: MAX_CHECKS };
    signer.may_sign_mail() && search.upward(signer, 0, window)
}

struct Search<'a> {
    others: &'a [Certificate],
    anchors: &'a [Certificate],
    addresses: &'a [String],
    checks: usize,
}

impl Search<'_> {
    /// `above` certificates are already between this one and the signer; `window` is when all of them held.
    fn upward(&mut self, certificate: &Certificate, above: usize, window: (Duration, Duration)) -> bool {
        let (from, until) = certificate.validity();
        let window = (window.0.max(from), window.1.min(until));
        if window.0 > window.1 {
            return false;
        }
        if self.anchors.contains(certificate) {
            return true;
        }
        let (anchors, others) = (self.anchors, self.others);
        let anchored =
            anchors.iter().any(|anchor| anchor.may_be_last() && self.is_issued(certificate, anchor));
        anchored
            || above < MAX_PATH
                && others.iter().any(|other| {
                    other != certificate
                        && other.may_sign_certificates(above)
                        && other.permits(self.addresses)
                        && self.is_issued(certificate, other)
                        && self.upward(other, above + 1, window)
                })
    }

    fn is_issued(&mut self, certificate: &Certificate, issuer: &Certificate) -> bool {
        if self.checks == 0 || !certificate.names_issuer(issuer) {
            return false;
        }
        self.checks -= 1;
        certificate.is_signed_by(issuer)
    }
}
