//! Our changes put into the sheet that IO has now.

use serde_json::{Map, Value};

use super::Sheet;

/// Not always shown by IO, though it has it: that it is missing from an answer does not mean that somebody took it out.
const SOMETIMES_HIDDEN: &str = "suitable_for_minors";

/// What IO has now (`theirs`), with all that was changed between `base` and `ours`. `base` is the sheet as it was when somebody
/// began to change it: what others have changed in the Area Riservata meanwhile, in fields that we left alone, stays.
#[must_use]
pub fn merge(base: &Sheet, ours: &Sheet, theirs: &Sheet) -> Sheet {
    let fields = |sheet: &Sheet| match sheet.written() {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let merged = Value::Object(merge_fields(&fields(base), &fields(ours), &fields(theirs)));
    // Three sheets make a sheet.
    Sheet::read(&merged).unwrap_or_else(|_| ours.clone())
}

fn merge_fields(
    base: &Map<String, Value>,
    ours: &Map<String, Value>,
    theirs: &Map<String, Value>,
) -> Map<String, Value> {
    let mut merged = theirs.clone();
    for name in base.keys().chain(ours.keys()) {
        match (base.get(name), ours.get(name)) {
            (Some(Value::Object(base)), Some(Value::Object(ours))) => {
                if let Some(Value::Object(theirs)) = theirs.get(name) {
                    merged.insert(name.clone(), Value::Object(merge_fields(base, ours, theirs)));
                }
            }
            (before, after) if before == after => {
                if let Some(after) = after.filter(|_| name == SOMETIMES_HIDDEN && !theirs.contains_key(name))
                {
                    merged.insert(name.clone(), after.clone());
                }
            }
            (_, Some(after)) => drop(merged.insert(name.clone(), after.clone())),
            (_, None) => drop(merged.remove(name)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sheet() -> Sheet {
        Sheet::read(&super::super::tests::answer()).unwrap()
    }

    #[test]
    fn trap_17_an_edit_resets_nothing_that_it_does_not_touch() {
        let mut ours = sheet();
        ours.description = "Nuova descrizione.".to_owned();
        let merged = merge(&sheet(), &ours, &sheet());
        let mut expected = sheet().written();
        expected["description"] = json!("Nuova descrizione.");
        assert_eq!(merged.written(), expected);
        assert_eq!(merged.authorized_cidrs, ["203.0.113.7/32"]);
    }

    #[test]
    fn trap_17_what_others_changed_meanwhile_stays() {
        let (mut ours, mut theirs) = (sheet(), sheet());
        ours.metadata.phone = None;
        ours.name = "Segnalazioni e reclami".to_owned();
        theirs.metadata.email = Some("nuova@ente.example".to_owned());
        theirs.authorized_cidrs.push("203.0.113.8".to_owned());
        theirs.metadata.pec = None;
        theirs.other.insert("newer".to_owned(), json!(true));
        let merged = merge(&sheet(), &ours, &theirs);
        assert_eq!((merged.name.as_str(), merged.metadata.phone), ("Segnalazioni e reclami", None));
        assert_eq!(merged.metadata.email.as_deref(), Some("nuova@ente.example"));
        assert_eq!((merged.authorized_cidrs.len(), merged.metadata.pec), (2, None));
        assert_eq!(merged.other.get("newer"), Some(&json!(true)));
    }

    #[test]
    fn what_io_hides_is_not_taken_for_taken_out() {
        let mut base = sheet();
        base.suitable_for_minors = Some(true);
        assert_eq!(merge(&base, &base, &sheet()).suitable_for_minors, Some(true));
        assert_eq!(merge(&base, &sheet(), &base).suitable_for_minors, None, "taken out by us");
    }

    #[test]
    fn a_first_edit_of_a_sheet_that_we_never_saw_whole_adds_to_it() {
        let mut ours = Sheet::default();
        ours.metadata.phone = Some("030 1".to_owned());
        let merged = merge(&Sheet::default(), &ours, &sheet());
        assert_eq!(merged.metadata.phone.as_deref(), Some("030 1"));
        assert_eq!((merged.name, merged.metadata.pec), (sheet().name, sheet().metadata.pec));
    }
}
