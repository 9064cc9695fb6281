//! Who this process is, as owner of leases.
//!
//! A process that is killed leaves its leases behind. Others must wait until they run out, because they cannot know that
//! it is dead; but whoever is started on the same data folder can: the folder's lock, which the system takes from the dead,
//! says that it is alone there. So the owner's name lives in the folder and goes to whoever holds the lock. A second
//! process on the same folder gets a name for itself alone, and waits like any other.

use std::{
    fs::File,
    io::{Read, Seek, Write},
    path::Path,
    sync::Arc,
};

use anyhow::{Context, Result};
use uuid::Uuid;

/// Name of the file in the data folder.
const FILE: &str = "riscontro.instance";

/// The owner's name, and the lock for as long as it is held.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) id: Uuid,
    _lock: Option<Arc<File>>,
}

impl Instance {
    /// Takes the folder's name if nobody holds it.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let mut file =
            File::options().read(true).write(true).create(true).truncate(false).open(&path).with_context(
                || {
                    format!(
                        "{} cannot be written: check the permissions of data.dir and the free space",
                        path.display()
                    )
                },
            )?;
        if file.try_lock().is_err() {
            return Ok(Self { id: Uuid::now_v7(), _lock: None });
        }
        let mut name = String::new();
        let read = file.read_to_string(&mut name);
        let id = match (read, name.trim().parse()) {
            (Ok(_), Ok(id)) => id,
            _ => {
                let id = Uuid::now_v7();
                file.rewind()?;
                file.set_len(0)?;
                write!(file, "{id}")
                    .with_context(|| format!("{} cannot be written: is the disk full?", path.display()))?;
                id
            }
        };
        Ok(Self { id, _lock: Some(Arc::new(file)) })
    }
}
