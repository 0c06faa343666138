//! The people of the measurements, and a helpdesk.

use std::sync::Arc;

use muticket_core::backend::{CategoryNames, NewSettings, SupporterEdit};
use muticket_core::helpdesk::Builder;
use muticket_core::{
    AccessLevel, CategoryId, Directory, Group, GroupId, Helpdesk, HostError, Language, Storage, User, UserId, Visitor,
};

/// All users, answered from memory.
pub(crate) struct People;

impl People {
    pub(crate) fn user(name: &str) -> User {
        let level = if name == "ada" { AccessLevel::Admin } else { AccessLevel::Add };
        let groups = if matches!(name, "sara" | "tom") { vec![GroupId::new("support")] } else { Vec::new() };
        let address = Some(format!("{name}@example.org"));
        User { level, groups, address, language: Some(Language::english()), ..User::new(name, name) }
    }
}

#[async_trait::async_trait]
impl Directory for People {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        Ok(ids.iter().map(|id| Self::user(id.as_str())).collect())
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<User>, HostError> {
        Ok(address.strip_suffix("@example.org").map(Self::user).into_iter().collect())
    }

    async fn members(&self, _: &GroupId) -> Result<Vec<User>, HostError> {
        Ok(vec![Self::user("sara"), Self::user("tom")])
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        Ok(vec![Group { id: GroupId::new("support"), name: "Support".to_owned() }])
    }
}

/// A helpdesk with two supporters who are present, and a category.
pub(crate) async fn helpdesk(storage: Arc<dyn Storage>) -> (Helpdesk, CategoryId) {
    helpdesk_with(storage, |builder| builder).await
}

/// The same with more parts.
pub(crate) async fn helpdesk_with(
    storage: Arc<dyn Storage>,
    configure: impl FnOnce(Builder) -> Builder,
) -> (Helpdesk, CategoryId) {
    let helpdesk = configure(Helpdesk::builder(storage, Arc::new(People))).build();
    let backend = helpdesk.backend(&Visitor::User(People::user("ada"))).expect("ada is an administrator");
    let settings = NewSettings { supporter_group: Some(GroupId::new("support")), ratings: true, ..NewSettings::default() };
    backend.update_settings(settings).await.expect("settings");
    let names = CategoryNames(vec![(Language::english(), "Billing".to_owned())]);
    let category = backend.add_category(&names).await.expect("a category").id;
    for name in ["sara", "tom"] {
        let edit = SupporterEdit { present: true, categories: [category.clone()].into() };
        backend.add_supporter(Some(UserId::new(name)), edit).await.expect("a supporter");
    }
    (helpdesk, category)
}
