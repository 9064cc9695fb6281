//! The ids by which a thread is found again: given out by us and signed, so that a reply that carries one can be
//! trusted to belong where it says.
//!
//! An id in `In-Reply-To` proves that its writer has seen a letter of ours. Words in a subject prove nothing.

use uuid::Uuid;

use super::keys::Keys;

const LETTER: &str = "letter";
const REPLY: &str = "reply";
const RETURN: &str = "return";

/// Message-ID of a delivery, without angle brackets: `<delivery>.<signature>@<domain of the mailbox>`.
#[must_use]
pub fn message_id(keys: &Keys, delivery: Uuid, mailbox_address: &str) -> String {
    let signature = data_encoding::HEXLOWER.encode(&keys.sign(LETTER, delivery.as_bytes()));
    format!("{}.{signature}@{}", delivery.simple(), domain_of(mailbox_address))
}

/// The delivery that `id` names, if the id is ours. The domain is not looked at: relays and mailboxes change it.
#[must_use]
pub fn delivery_of(keys: &Keys, id: &str) -> Option<Uuid> {
    let (local, _) = id.rsplit_once('@').unwrap_or((id, ""));
    let (delivery, signature) = local.split_once('.')?;
    let delivery = Uuid::try_parse(delivery).ok()?;
    let signature = data_encoding::HEXLOWER_PERMISSIVE.decode(signature.as_bytes()).ok()?;
    keys.verify(LETTER, delivery.as_bytes(), &signature).then_some(delivery)
}

/// Address that leads answers back to a work order: `box+<token>@domain`.
#[must_use]
pub fn reply_address(keys: &Keys, work_order: Uuid, mailbox_address: &str) -> Option<String> {
    with_token(keys, REPLY, work_order, mailbox_address)
}

/// The work order that a reply address names, if the address is ours.
#[must_use]
pub fn work_order_of(keys: &Keys, address: &str) -> Option<Uuid> {
    named_by(keys, REPLY, address)
}

/// Return path of a delivery: reports about it come to an address that names it.
#[must_use]
pub fn return_path(keys: &Keys, delivery: Uuid, mailbox_address: &str) -> Option<String> {
    with_token(keys, RETURN, delivery, mailbox_address)
}

/// The delivery that a return path names, if the address is ours.
#[must_use]
pub fn delivery_of_return_path(keys: &Keys, address: &str) -> Option<Uuid> {
    named_by(keys, RETURN, address)
}

/// Base 32 in lower case, because addresses lose their capitals on the way.
fn with_token(keys: &Keys, purpose: &str, id: Uuid, mailbox_address: &str) -> Option<String> {
    let (local, domain) = mailbox_address.rsplit_once('@')?;
    let mut token = id.as_bytes().to_vec();
    token.extend(keys.sign(purpose, id.as_bytes()));
    let token = data_encoding::BASE32_NOPAD.encode(&token).to_ascii_lowercase();
    // RFC 5321 §4.5.3.1.1: a local part has at most 64 octets.
    (local.len() + 1 + token.len() <= 64).then(|| format!("{local}+{token}@{domain}"))
}

fn named_by(keys: &Keys, purpose: &str, address: &str) -> Option<Uuid> {
    let (local, _) = address.rsplit_once('@')?;
    let (_, token) = local.rsplit_once('+')?;
    let token = data_encoding::BASE32_NOPAD.decode(token.to_ascii_uppercase().as_bytes()).ok()?;
    let (id, signature) = token.split_first_chunk::<16>()?;
    let id = Uuid::from_bytes(*id);
    keys.verify(purpose, id.as_bytes(), signature).then_some(id)
}

/// `box+token@domain` is the mailbox `box@domain`.
#[must_use]
pub fn without_token(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            format!("{}@{domain}", local.split_once('+').map_or(local, |(name, _)| name))
        }
        None => address.to_owned(),
    }
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_ids_read_back_and_others_do_not() {
        let (keys, others) = (Keys::new(&[1; 32]), Keys::new(&[2; 32]));
        let id = Uuid::from_u128(0x0192_0000);
        let message_id = message_id(&keys, id, "reclami@ente.example");
        assert_eq!(delivery_of(&keys, &message_id), Some(id));
        assert_eq!(delivery_of(&keys, &message_id.replace("ente.example", "relay.example")), Some(id));
        assert_eq!(delivery_of(&others, &message_id), None);
        assert_eq!(delivery_of(&keys, &message_id.replacen('0', "1", 1)), None);
        for foreign in ["", "@", ".", "abc@x", "CAF=abc.def@mail.example"] {
            assert_eq!(delivery_of(&keys, foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_reply_address_survives_capitals_and_fits() {
        let keys = Keys::new(&[1; 32]);
        let id = Uuid::from_u128(77);
        let address = reply_address(&keys, id, "reclami@ente.example").unwrap();
        assert_eq!(work_order_of(&keys, &address), Some(id));
        assert_eq!(work_order_of(&keys, &address.to_uppercase()), Some(id));
        assert_eq!(work_order_of(&keys, "reclami+spam@ente.example"), None);
        assert_eq!(without_token(&address), "reclami@ente.example");
        assert_eq!(reply_address(&keys, id, "un-nome-di-casella-troppo-lungo@ente.example"), None);
    }
}
