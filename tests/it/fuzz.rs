//! A short run of the fuzzing, the same each time: our own seeds, cut, flipped, joined and repeated by a generator with
//! a fixed seed. The long run is `fuzz/`, and what it finds becomes a seed or a test of its own.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use entrances::{ENTRANCES, Entrance};

mod entrances;

/// Cases for each entrance.
const CASES: u64 = 400;
/// Longest case in bytes.
const LONGEST: usize = 32 * 1024;

#[test]
fn no_bytes_of_a_stranger_do_harm() {
    let harmed: Vec<String> = ENTRANCES.iter().filter_map(|entrance| harmed(*entrance)).collect();
    assert!(harmed.is_empty(), "{}", harmed.join("\n"));
}

#[test]
fn the_same_number_makes_the_same_case() {
    let seeds = vec![b"una lettera".to_vec(), b"un file".to_vec()];
    let cases: Vec<Vec<u8>> = (0..100).map(|number| Mutation(number).of(&seeds)).collect();
    assert_eq!(cases, (0..100).map(|number| Mutation(number).of(&seeds)).collect::<Vec<_>>());
    let untouched = cases.iter().filter(|case| seeds.contains(case)).count();
    assert!(untouched < 10, "{untouched} of 100 cases are seeds");
}

fn seeds(entrance: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/seeds").join(entrance);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| fs::read(file).unwrap()).collect()
}

/// What an entrance did not stand; the bytes are left where `cargo fuzz run` can take them up.
fn harmed((name, entrance): Entrance) -> Option<String> {
    let seeds = seeds(name);
    assert!(seeds.len() > 1, "{name} has no seeds");
    let mutations = (0..CASES).map(|number| Mutation(number).of(&seeds));
    let mut cases = seeds.iter().cloned().chain(mutations);
    let harmful = cases.find(|bytes| catch_unwind(AssertUnwindSafe(|| entrance(bytes))).is_err())?;
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
    fs::write(&file, harmful).unwrap();
    Some(format!("{name} did not stand the bytes in {}", file.display()))
}

/// A generator of numbers that look random: `SplitMix64`, so that a case stays the same for ever.
struct Mutation(u64);

impl Mutation {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not zero.
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    /// A stretch of `length` bytes.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let (one, other) = (self.below(length + 1), self.below(length + 1));
        one.min(other)..one.max(other)
    }

    fn of(mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut case = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            self.once(&mut case, seeds);
            case.truncate(LONGEST);
        }
        case
    }

    fn once(&mut self, case: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let stretch = self.stretch(case.len());
        match self.below(5) {
            0 => case.truncate(stretch.end),
            1 => drop(case.drain(stretch)),
            2 => {
                for _ in 0..=self.below(8).min(case.len()) {
                    let at = self.below(case.len().max(1));
                    let bits = self.next().to_le_bytes()[0];
                    case.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bits);
                }
            }
            3 => {
                let other = &seeds[self.below(seeds.len())];
                let piece = self.stretch(other.len());
                drop(case.splice(stretch, other[piece].iter().copied()));
            }
            _ => {
                let times = 1 << self.below(11);
                let piece = &case[stretch.clone()];
                let most = LONGEST / piece.len().max(1);
                let repeated = piece.repeat(most.min(times));
                drop(case.splice(stretch, repeated));
            }
        }
    }
}
