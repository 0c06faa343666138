//! The host as it is asked: every question has an end, and what cannot be used in its answers is left out and told.

use std::collections::HashSet;
use std::future::poll_fn;
use std::mem::discriminant;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;

use crate::access::User;
use crate::category::Category;
use crate::helpdesk::Helpdesk;
use crate::host::{CategorySource, Directory, Group, HostError, HostTrouble, IdOf};
use crate::id::{GroupId, UnfitId, UserId};

/// Ends after a time: the core has no timer of its own.
type Timer = Box<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Who hears of troubles.
type Listener = Box<dyn Fn(&HostTrouble) + Send + Sync>;

impl Helpdesk {
    /// Gives up a question to the host that is not answered within the limit: who waits for the answer gets [`Error::Unavailable`](crate::Error::Unavailable), and
    /// the question's future is dropped. `timer` gives a future that ends after a time; the core has no timer of its own. Without this
    /// call a question may take for ever. Only the first call counts.
    pub fn limit_host<T>(&self, limit: Duration, timer: impl Fn(Duration) -> T + Send + Sync + 'static)
    where
        T: Future<Output = ()> + Send + 'static,
    {
        let timer = move |time| Box::pin(timer(time)) as Pin<Box<dyn Future<Output = ()> + Send>>;
        self.parts.host.limit(limit, Box::new(timer));
    }

    /// Calls `tell` when the host's answers have a mistake in them that looks like something else on the pages, once for each sort of
    /// mistake. It must not block. Only the first call counts.
    pub fn on_host_trouble(&self, tell: impl Fn(&HostTrouble) + Send + Sync + 'static) {
        self.parts.host.listen(Box::new(tell));
    }
}

/// What all questions to one host have in common.
#[derive(Default)]
pub(crate) struct Answers {
    limit: OnceLock<(Duration, Timer)>,
    listener: OnceLock<Listener>,
    told: Mutex<HashSet<HostTrouble>>,
}

impl Answers {
    /// Gives up questions that take longer. Only the first call counts.
    pub(crate) fn limit(&self, limit: Duration, timer: Timer) {
        let _ = self.limit.set((limit, timer));
    }

    /// Who hears of troubles. Only the first call counts.
    pub(crate) fn listen(&self, listener: Listener) {
        let _ = self.listener.set(listener);
    }

    /// Tells of a trouble, once for each sort.
    pub(crate) fn tell(&self, trouble: HostTrouble) {
        let Some(listener) = self.listener.get() else { return };
        let sort = match trouble {
            HostTrouble::UnfitId { of, .. } => HostTrouble::UnfitId { of, problem: UnfitId::Blank },
            other => other,
        };
        if self.told().insert(sort) {
            listener(&trouble);
        }
    }

    /// The trouble is over; if it comes again, it is told again.
    pub(crate) fn is_over(&self, trouble: HostTrouble) {
        self.told().retain(|told| discriminant(told) != discriminant(&trouble));
    }

    fn told(&self) -> std::sync::MutexGuard<'_, HashSet<HostTrouble>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what has an id that can be used.
    fn fit<T>(&self, of: IdOf, mut found: Vec<T>, check: impl Fn(&T) -> Result<(), UnfitId>) -> Vec<T> {
        found.retain(|one| match check(one) {
            Ok(()) => true,
            Err(problem) => {
                self.tell(HostTrouble::UnfitId { of, problem });
                false
            }
        });
        found
    }

    /// The answer, if it comes in time.
    async fn in_time<T>(&self, question: &str, answer: impl Future<Output = Result<T, HostError>>) -> Result<T, HostError> {
        let Some((limit, timer)) = self.limit.get() else { return answer.await };
        let (mut answer, mut end) = (pin!(answer), timer(*limit));
        poll_fn(|context| match answer.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(answer),
            Poll::Pending => end.as_mut().poll(context).map(|()| {
                Err(HostError::new(format!("`{question}` took longer than the time limit of {} s", limit.as_secs_f32())))
            }),
        })
        .await
    }
}

/// Asks two questions at the same time.
pub(crate) async fn both<A, B>(first: impl Future<Output = A>, second: impl Future<Output = B>) -> (A, B) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut one, mut other) = (None, None);
    poll_fn(move |context| {
        if one.is_none()
            && let Poll::Ready(answer) = first.as_mut().poll(context)
        {
            one = Some(answer);
        }
        if other.is_none()
            && let Poll::Ready(answer) = second.as_mut().poll(context)
        {
            other = Some(answer);
        }
        match (one.take(), other.take()) {
            (Some(one), Some(other)) => Poll::Ready((one, other)),
            (begun, rest) => {
                (one, other) = (begun, rest);
                Poll::Pending
            }
        }
    })
    .await
}

/// The host's users.
pub(crate) struct AskedDirectory {
    pub(crate) inner: Arc<dyn Directory>,
    pub(crate) answers: Arc<Answers>,
}

#[async_trait]
impl Directory for AskedDirectory {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        self.answers.in_time("Directory::users", self.inner.users(ids)).await
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        let members = self.answers.in_time("Directory::members", self.inner.members(group)).await?;
        if members.iter().any(|member| !member.is_in(group)) {
            self.answers.tell(HostTrouble::MemberLacksGroup);
        }
        Ok(self.answers.fit(IdOf::Member, members, |member| member.id.check()))
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        let groups = self.answers.in_time("Directory::groups", self.inner.groups()).await?;
        Ok(self.answers.fit(IdOf::Group, groups, |group| group.id.check()))
    }
}

/// The host's categories.
pub(crate) struct AskedCategories {
    pub(crate) inner: Arc<dyn CategorySource>,
    pub(crate) answers: Arc<Answers>,
}

#[async_trait]
impl CategorySource for AskedCategories {
    async fn categories(&self) -> Result<Vec<Category>, HostError> {
        let found = self.answers.in_time("CategorySource::categories", self.inner.categories()).await?;
        Ok(self.answers.fit(IdOf::Category, found, |category| category.id.check()))
    }
}
