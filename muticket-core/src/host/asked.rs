//! Asks the host. Every question has a time limit. Unusable answers are left out and reported.

use std::collections::HashSet;
use std::future::poll_fn;
use std::mem::discriminant;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::Poll;
use std::time::Duration;

use async_trait::async_trait;

use crate::category::Category;
use crate::host::{CategorySource, CustomerFact, CustomerFacts, Directory, Group, HostError, HostTrouble, IdOf};
use crate::id::{GroupId, UnfitId, UserId};
use crate::language::Language;
use crate::user::User;

/// Returns a future that ends after the given time. The core has no timer of its own.
pub(crate) type Timer = Box<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Is told of troubles.
type Listener = Box<dyn Fn(&HostTrouble) + Send + Sync>;

/// Time limit and listener for all questions to one host.
#[derive(Default)]
pub(crate) struct HostCalls {
    limit: OnceLock<(Duration, Timer)>,
    listener: OnceLock<Listener>,
    told: Mutex<HashSet<HostTrouble>>,
}

impl HostCalls {
    /// Sets the time limit. Only the first call has an effect.
    pub(crate) fn limit(&self, limit: Duration, timer: Timer) {
        let _ = self.limit.set((limit, timer));
    }

    /// Sets the listener. Only the first call has an effect.
    pub(crate) fn listen(&self, listener: Listener) {
        let _ = self.listener.set(listener);
    }

    /// Reports a trouble, once for each kind.
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

    /// The trouble has ended. If it comes back, it is reported again.
    pub(crate) fn is_over(&self, trouble: HostTrouble) {
        self.told().retain(|told| discriminant(told) != discriminant(&trouble));
    }

    fn told(&self) -> std::sync::MutexGuard<'_, HashSet<HostTrouble>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the entries whose id is usable, and reports the others.
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

    /// Awaits the answer within the time limit.
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

/// Awaits two futures at the same time.
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

/// The host's users, asked within the time limit.
pub(crate) struct AskedDirectory {
    pub(crate) inner: Arc<dyn Directory>,
    pub(crate) answers: Arc<HostCalls>,
}

#[async_trait]
impl Directory for AskedDirectory {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        self.answers.in_time("Directory::users", self.inner.users(ids)).await
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<User>, HostError> {
        self.answers.in_time("Directory::users_with_address", self.inner.users_with_address(address)).await
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

/// The host's categories, asked within the time limit.
pub(crate) struct AskedCategories {
    pub(crate) inner: Arc<dyn CategorySource>,
    pub(crate) answers: Arc<HostCalls>,
}

#[async_trait]
impl CategorySource for AskedCategories {
    async fn categories(&self) -> Result<Vec<Category>, HostError> {
        let found = self.answers.in_time("CategorySource::categories", self.inner.categories()).await?;
        Ok(self.answers.fit(IdOf::Category, found, |category| category.id.check()))
    }
}

/// The host's facts about customers, asked within the time limit.
pub(crate) struct AskedFacts {
    pub(crate) inner: Arc<dyn CustomerFacts>,
    pub(crate) answers: Arc<HostCalls>,
}

#[async_trait]
impl CustomerFacts for AskedFacts {
    async fn facts(&self, customer: &UserId, language: &Language) -> Result<Vec<CustomerFact>, HostError> {
        let mut facts = self.answers.in_time("CustomerFacts::facts", self.inner.facts(customer, language)).await?;
        facts.truncate(CustomerFact::MOST);
        Ok(facts)
    }
}
