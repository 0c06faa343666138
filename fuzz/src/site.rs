//! A site in memory.

use std::sync::Arc;

use async_trait::async_trait;
use muticket_core::backend::{NewSettings, SupporterEdit};
use muticket_core::blob::{Blobs, MemoryBlobs};
use muticket_core::incoming::Envelope;
use muticket_core::mailroom::Receipt;
use muticket_core::{
    AccessLevel, Directory, Group, GroupId, Helpdesk, HostError, Language, MailIn, MemoryStorage, User, UserId, Visitor,
};
use muticket_world::{CountedIds, ManualClock};

/// A helpdesk with a supporter who is present. Every address is that of its customer Anna, so whether a letter is taken depends only on
/// whether its sender is confirmed.
pub struct Site {
    /// The helpdesk.
    pub helpdesk: Helpdesk,
    blobs: Arc<MemoryBlobs>,
}

impl Site {
    /// A new site.
    ///
    /// # Panics
    /// If it cannot be set up.
    pub async fn new(rules: MailIn) -> Self {
        let blobs = Arc::new(MemoryBlobs::default());
        let helpdesk = Helpdesk::builder(Arc::new(MemoryStorage::new()), Arc::new(Everybody))
            .blobs(blobs.clone())
            .clock(Arc::new(ManualClock::default()))
            .ids(Arc::new(CountedIds::default()))
            .mail_in(rules)
            .build();
        let backend = helpdesk.backend(&Visitor::User(user("ada"))).expect("ada is an administrator");
        let settings = NewSettings { supporter_group: Some(GroupId::new("support")), ..NewSettings::default() };
        backend.update_settings(settings).await.expect("settings");
        let edit = SupporterEdit { present: true, ..SupporterEdit::default() };
        backend.add_supporter(Some(UserId::new("sara")), edit).await.expect("a supporter");
        Self { helpdesk, blobs }
    }

    /// Takes in a letter without an envelope.
    ///
    /// # Panics
    /// If it cannot be stored: nothing fails here.
    pub async fn receive(&self, raw: &[u8]) -> Receipt {
        self.helpdesk.receive(raw, &Envelope::default()).await.expect("a letter below the limits can be stored")
    }

    /// The stored files: the letters as they came, if none became a message.
    ///
    /// # Panics
    /// Never: what is in memory can be read.
    pub async fn files(&self) -> Vec<Vec<u8>> {
        let mut files = Vec::new();
        for key in self.blobs.keys() {
            let mut source = self.blobs.get(&key).await.expect("memory").expect("it was stored");
            let mut bytes = Vec::new();
            while let Some(piece) = source.next().await.expect("memory") {
                bytes.extend_from_slice(&piece);
            }
            files.push(bytes);
        }
        files
    }
}

/// A host that knows every address.
struct Everybody;

fn user(id: &str) -> User {
    let level = if id == "ada" { AccessLevel::Admin } else { AccessLevel::Add };
    let groups = if id == "sara" { vec![GroupId::new("support")] } else { Vec::new() };
    let address = Some(format!("{id}@example.org"));
    User { level, groups, address, language: Some(Language::english()), ..User::new(id, id) }
}

#[async_trait]
impl Directory for Everybody {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        Ok(ids.iter().map(|id| user(id.as_str())).collect())
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<User>, HostError> {
        Ok(vec![User { address: Some(address.to_owned()), ..user("anna") }])
    }

    async fn members(&self, _: &GroupId) -> Result<Vec<User>, HostError> {
        Ok(vec![user("sara")])
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        Ok(vec![Group { id: GroupId::new("support"), name: "Support".to_owned() }])
    }
}
