//! One after the other: whoever repeats what is just being done waits until it is done, and then finds what became of it. Without
//! that, the repetitions of an app that was impatient would each spend a measure before the first of them is stored.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Mutex as Door, OwnedMutexGuard};
use uuid::Uuid;

/// Who does what at the moment. Copies share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns(Arc<Mutex<HashMap<Uuid, Arc<Door<()>>>>>);

/// One's turn, until this is dropped.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    id: Uuid,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits until nobody else does what has this id.
    pub(super) async fn take(&self, id: Uuid) -> Turn {
        let door = self.lock().entry(id).or_default().clone();
        // Made before the waiting: who is sent away in the queue must tidy up, too.
        let mut turn = Turn { turns: self.clone(), id, held: None };
        turn.held = Some(door.lock_owned().await);
        turn
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Door<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut turns = self.turns.lock();
        self.held = None;
        // Only the list itself knows the door any more: nobody waits before it.
        if turns.get(&self.id).is_some_and(|door| Arc::strong_count(door) == 1) {
            turns.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn two_who_do_the_same_take_turns_and_leave_nothing_behind() {
        let (turns, one) = (Turns::default(), Uuid::from_u128(1));
        let first = turns.take(one).await;
        let other = turns.take(Uuid::from_u128(2)).await;
        let mut second = Box::pin(turns.take(one));
        assert!(second.as_mut().now_or_never().is_none(), "the first is not done");
        let mut gone = Box::pin(turns.take(one));
        assert!(gone.as_mut().now_or_never().is_none());
        drop(gone);
        drop(first);
        let second = second.await;
        assert_eq!(turns.lock().len(), 2);
        drop((second, other));
        assert_eq!(turns.lock().len(), 0);
    }
}
