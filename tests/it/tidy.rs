//! The house keeps its order: who may import whom, small files, laws that a reader can check by eye.

use std::{collections::BTreeSet, fs, path::Path};

/// Who may import whom. A room that is not here does not exist.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("domain", &[]),
    ("wording", &["domain"]),
    ("document", &["domain", "wording"]),
    ("stand_in", &[]),
    ("store", &["domain"]),
    ("channel", &["config", "domain"]),
    ("actions", &["domain", "store", "wording"]),
    ("app", &["actions", "channel", "config", "document", "domain", "store"]),
    ("demo", &["actions", "app", "channel", "domain", "stand_in", "store"]),
    ("worker", &["actions", "app", "channel", "domain", "store"]),
    ("web", &["actions", "app", "document", "domain", "store", "wording"]),
];

/// Lines at which a file is too long to be read at one sitting.
const LONGEST: usize = 450;

struct Source {
    path: String,
    room: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(&source).unwrap().to_string_lossy().into_owned();
                let room = inside.split(['/', '.']).next().unwrap().to_owned();
                sources.push(Source { text: fs::read_to_string(&path).unwrap(), path: inside, room });
            }
        }
    }
    sources
}

/// The product's part of a file: without the tests at its end.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

/// Rooms named in `use crate::…`, in all its forms, and in paths inside the code.
fn imported(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    let word =
        |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    for after in text.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            None => drop(rooms.insert(word(after))),
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && c.is_alphabetic() => {
                            rooms.insert(word(&group[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    rooms
}

#[test]
fn arrows_point_inward() {
    let mut wrong = Vec::new();
    for source in
        sources().iter().filter(|source| !["lib", "main", "commands"].contains(&source.room.as_str()))
    {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(room, _)| *room == source.room) else {
            wrong.push(format!("{}: the room {} is not in the table", source.path, source.room));
            continue;
        };
        for room in imported(product(&source.text)) {
            let known = MAY_IMPORT.iter().any(|(name, _)| *name == room);
            if known && room != source.room && !allowed.contains(&room.as_str()) {
                wrong.push(format!("{}: {} may not import {room}", source.path, source.room));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_every_form() {
    let text = "use crate::{\n    actions::{self, Cx},\n    store,\n};\nuse crate::app::App;\nfn f() { crate::wording::x() }";
    assert_eq!(imported(text).into_iter().collect::<Vec<_>>(), ["actions", "app", "store", "wording"]);
}

#[test]
fn only_the_desk_begins_a_transaction() {
    for source in sources().iter().filter(|source| !["actions", "store"].contains(&source.room.as_str())) {
        assert!(
            !product(&source.text).contains(".begin()"),
            "{}: writes go through actions (law 1)",
            source.path
        );
    }
}

#[test]
fn the_desk_and_the_archive_never_telephone() {
    for source in
        sources().iter().filter(|source| ["actions", "store", "domain"].contains(&source.room.as_str()))
    {
        for forbidden in ["tokio::net", "tokio::fs", "std::fs", "std::net"] {
            assert!(
                !product(&source.text).contains(forbidden),
                "{}: {forbidden} (laws 2 and 6)",
                source.path
            );
        }
    }
}

#[test]
fn pages_are_never_counted_off() {
    for source in sources().iter().filter(|source| source.room == "store") {
        assert!(!product(&source.text).contains(".offset("), "{}: keyset, never OFFSET (law 7)", source.path);
    }
}

#[test]
fn migrations_know_no_entities() {
    let manifest =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("migration/Cargo.toml")).unwrap();
    assert!(!manifest.contains("entity"), "an old step must not change because an entity did");
}

#[test]
fn files_stay_small() {
    let long: Vec<String> = sources()
        .iter()
        .map(|source| (product(&source.text).lines().count(), &source.path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}
