//! Personal links: who has one has been given it by us. Nothing of them is stored: a link is an id with a signature of
//! ours, so the same one can be written into every letter, and raising a generation makes the older ones useless.

use chrono::{DateTime, Duration, Utc};
use entity::{follower, work_order};
use uuid::Uuid;

use super::keys::Keys;

const FOLLOWER: &str = "follower";
const VISIT: &str = "visit";
const CODE: &str = "code";
const DRAFT: &str = "draft";
const CONFIRM: &str = "confirm";
/// Letters of a code: no vowels, so that no word comes out, and nothing that can be taken for something else.
const CODE_LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Letters in a code: 20^8 codes, against a handful of attempts in a minute.
const CODE_LENGTH: usize = 8;

/// Whether all links to a work order open nothing any more: it was closed more than `days` ago.
#[must_use]
pub fn is_over(order: &work_order::Model, days: i32, now: DateTime<Utc>) -> bool {
    order.closed_at.is_some_and(|closed_at| now - closed_at > Duration::days(days.into()))
}

/// The link of a follower.
#[must_use]
pub fn follower(keys: &Keys, follower: &follower::Model) -> String {
    seal(keys, FOLLOWER, follower.id, follower.generation)
}

/// The follower that a link names, if it is ours: still to be compared with the generation in force.
#[must_use]
pub fn follower_of(keys: &Keys, link: &str) -> Option<(Uuid, i32)> {
    open(keys, FOLLOWER, link)
}

/// The link of a follower for whoever got it otherwise than by a letter: on the receipt's page, by number and code. It opens the
/// same page, and confirms no address: who typed somebody else's must not be able to say that it is theirs.
#[must_use]
pub fn visit(keys: &Keys, follower: &follower::Model) -> String {
    seal(keys, VISIT, follower.id, follower.generation)
}

/// The follower that such a link names: still to be compared with the generation in force.
#[must_use]
pub fn visit_of(keys: &Keys, link: &str) -> Option<(Uuid, i32)> {
    open(keys, VISIT, link)
}

/// The code that opens the same page together with the number of the work order: `BCDF-GHJK`.
#[must_use]
pub fn code(keys: &Keys, follower: &follower::Model) -> String {
    let signature = keys.sign(CODE, &bytes_of(follower.id, follower.generation));
    let mut code: String = signature
        .iter()
        .take(CODE_LENGTH)
        // 256 is no multiple of 20: the first sixteen letters come a little more often, which costs a third of a bit.
        .map(|byte| char::from(CODE_LETTERS[usize::from(*byte) % CODE_LETTERS.len()]))
        .collect();
    code.insert(CODE_LENGTH / 2, '-');
    code
}

/// Whether `typed` is the code, however it was typed.
#[must_use]
pub fn is_code(keys: &Keys, follower: &follower::Model, typed: &str) -> bool {
    let letters = |text: &str| -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_alphabetic).map(|byte| byte.to_ascii_uppercase()).collect()
    };
    let (right, typed) = (letters(&code(keys, follower)), letters(typed));
    // No early return: the time taken must not tell how many letters were guessed.
    right.len() == typed.len()
        && right.iter().zip(&typed).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}

/// The link back to a draft. Once it is sent, the same link shows its receipt, until its citizen has had a new link made
/// ([`follower()`]): whoever has got hold of the old ones may also have this one.
#[must_use]
pub fn draft(keys: &Keys, submission: Uuid) -> String {
    seal(keys, DRAFT, submission, 0)
}

/// The submission that a link to a draft names.
#[must_use]
pub fn draft_of(keys: &Keys, link: &str) -> Option<Uuid> {
    open(keys, DRAFT, link).map(|(id, _)| id)
}

/// The link that confirms the address of a submission which waits for that. It is sent to that address and shown nowhere.
#[must_use]
pub fn confirmation(keys: &Keys, submission: Uuid) -> String {
    seal(keys, CONFIRM, submission, 0)
}

/// The submission that such a link confirms.
#[must_use]
pub fn confirmation_of(keys: &Keys, link: &str) -> Option<Uuid> {
    open(keys, CONFIRM, link).map(|(id, _)| id)
}

fn bytes_of(id: Uuid, generation: i32) -> [u8; 20] {
    let mut bytes = [0; 20];
    bytes[..16].copy_from_slice(id.as_bytes());
    bytes[16..].copy_from_slice(&generation.to_be_bytes());
    bytes
}

/// Base 32 in lower case: survives being read aloud and typed.
fn seal(keys: &Keys, purpose: &str, id: Uuid, generation: i32) -> String {
    let mut bytes = bytes_of(id, generation).to_vec();
    let signature = keys.sign(purpose, &bytes);
    bytes.extend(signature);
    data_encoding::BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()
}

fn open(keys: &Keys, purpose: &str, link: &str) -> Option<(Uuid, i32)> {
    let bytes = data_encoding::BASE32_NOPAD.decode(link.to_ascii_uppercase().as_bytes()).ok()?;
    let (data, signature) = bytes.split_first_chunk::<20>()?;
    if !keys.verify(purpose, data, signature) {
        return None;
    }
    let (id, generation) = data.split_first_chunk::<16>()?;
    Some((Uuid::from_bytes(*id), i32::from_be_bytes(generation.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_one_thing_and_only_with_our_key() {
        let (keys, others) = (Keys::new(&[1; 32]), Keys::new(&[2; 32]));
        let id = Uuid::from_u128(7);
        let link = draft(&keys, id);
        assert_eq!(draft_of(&keys, &link), Some(id));
        assert_eq!(draft_of(&keys, &link.to_ascii_uppercase()), Some(id));
        assert_eq!(draft_of(&others, &link), None);
        assert_eq!(confirmation_of(&keys, &link), None, "of another purpose");
        assert_eq!(follower_of(&keys, &link), None, "of another purpose");
        for foreign in ["", "a", "aaaa", &link[1..], &format!("{link}aa")] {
            assert_eq!(draft_of(&keys, foreign), None, "{foreign}");
        }
    }
}
