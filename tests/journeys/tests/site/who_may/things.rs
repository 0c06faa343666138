//! What the routes of the table are about.

use muticket_core::backend::SupporterEdit;
use muticket_core::blob::{BlobKey, Digest};
use muticket_core::incoming::{Envelope, Incoming, Verdict};
use muticket_core::overview::Filter;
use muticket_core::storage::Unit;
use muticket_core::{Ids as _, IncomingId, NewSavedAnswer, StorageError, SupporterId, SystemIds, TicketNumber, Visitor};
use muticket_journeys::World;
use muticket_journeys::bytes::PNG;

pub(super) const MISSING_ID: &str = "018f2f0e-4c5a-7bcd-8abc-0123456789ab";

/// The data that the routes are about, created anew for each try.
#[derive(Clone)]
pub(super) struct Things {
    pub(super) ticket: u64,
    pub(super) message: u32,
    pub(super) file: String,
    pub(super) note_file: String,
    pub(super) supporter: SupporterId,
    pub(super) category: String,
    pub(super) label: String,
    /// Sara's own saved answer, one that is shared, and her own saved view.
    pub(super) saved: [String; 3],
    /// A letter that came in for the ticket and is held.
    pub(super) letter: String,
    pub(super) asset: String,
}

impl Things {
    pub(super) async fn make(world: &World) -> Self {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let form = anna.drafts("CANARY", "Billing", "CANARY").await.file("red.png", PNG).forced("repeated", b"send");
        let ticket = anna.opens_with(&form).await;
        let message = sara.answers(ticket, "CANARY").await;
        let note = sara.sees(ticket).await.form("/notes").with("body", "CANARY").file("red.png", PNG);
        assert_eq!(sara.sends_note(&note).await, 1, "the routes are about note 1");
        let note_file = sara.sees(ticket).await.attributes(".note .attachments a[download]", "href").remove(0);
        let note_file = note_file.rsplit('/').next().unwrap().to_owned();
        let page = anna.sees(ticket).await;
        let file = page.attributes(".attachments a[download]", "href")[0].split('/').nth(3).unwrap().to_owned();
        let asset = page.attributes("link[rel=stylesheet]", "href")[0].rsplit('/').next().unwrap().to_owned();
        let backend = world.backend();
        let team = backend.supporters().await.unwrap().supporters;
        // Kim is in the group, and is a supporter only while another visitor sends the request.
        if let Some(record) = team.iter().find(|report| report.supporter.user.as_str() == "kim") {
            backend.remove_supporter(record.supporter.id).await.unwrap();
        }
        let supporter = team.iter().find(|report| report.supporter.user.as_str() == "vera").map(|report| report.supporter.id);
        let supporter = match supporter {
            Some(id) => id,
            None => {
                let vera = world.people().find("vera").unwrap();
                world.people().change("vera", |vera| vera.groups = vec![muticket_core::GroupId::new("support")]);
                let made = backend.add_supporter(Some(vera.id.clone()), SupporterEdit::default()).await.unwrap();
                world.people().add(vera);
                made.id
            }
        };
        let names = vec![(muticket_core::Language::english(), format!("Extra {ticket}"))];
        let category = backend.add_category(&muticket_core::backend::CategoryNames(names)).await.unwrap().id.to_string();
        let label = world.label(&format!("Extra {ticket}")).await;
        let desk = world.helpdesk().desk(&Visitor::User(world.people().find("sara").unwrap())).await.unwrap();
        let new = NewSavedAnswer {
            title: format!("CANARY {ticket}"),
            texts: vec![(muticket_core::Language::english(), "CANARY".to_owned())],
            ..NewSavedAnswer::default()
        };
        // There may be only so many saved answers and views. Without old tickets, the world stays small.
        for old in desk.saved_answers().await.unwrap() {
            match old.owner {
                Some(_) => desk.delete_saved_answer(old.id).await.unwrap(),
                None => backend.delete_saved_answer(old.id).await.unwrap(),
            }
        }
        for old in desk.views().await.unwrap().own {
            desk.delete_view(old.id).await.unwrap();
        }
        for old in (1..ticket).rev().take(10) {
            let _ = backend.delete(TicketNumber::new(i64::try_from(old).unwrap()).unwrap()).await;
        }
        let own = desk.add_saved_answer(new.clone()).await.unwrap().id.to_string();
        let view = desk.save_view(&format!("CANARY {ticket}"), &Filter::default()).await.unwrap().id.to_string();
        let saved = [own, backend.add_saved_answer(new).await.unwrap().id.to_string(), view];
        let letter = letter(world, ticket).await;
        Self { ticket, message, file, note_file, supporter, category, label, saved, letter, asset }
    }

    pub(super) fn path(&self, route: &str) -> String {
        let id = match route {
            _ if route.starts_with("/attachments") || route.starts_with("/pictures") => self.file.clone(),
            _ if route.contains("/files/") => self.note_file.clone(),
            _ if route.starts_with("/backend/supporters") => self.supporter.to_string(),
            _ if route.starts_with("/backend/categories") => self.category.clone(),
            _ if route.starts_with("/backend/labels") => self.label.clone(),
            _ if route.starts_with("/saved-answers") => self.saved[0].clone(),
            _ if route.starts_with("/backend/saved-answers") => self.saved[1].clone(),
            _ if route.starts_with("/views") => self.saved[2].clone(),
            _ if route.contains("/letters/") => self.letter.clone(),
            _ if ["/original", "/take", "/again", "/<id>/discard"].iter().any(|end| route.ends_with(end)) => self.letter.clone(),
            _ => MISSING_ID.to_owned(),
        };
        let path = route
            .replace("<number>", &self.ticket.to_string())
            .replace("<message>", &self.message.to_string())
            .replace("<note>", "1");
        path.replace("<id>", &id).replace("<name>", "red.png").replace("<file>", &self.asset)
    }

    /// The fields of a valid form for the route, without the token.
    pub(super) async fn fields(&self, world: &World, route: &str) -> Vec<(&'static str, String)> {
        let billing = world.category("Billing").await.id.to_string();
        match route {
            "/tickets" => vec![("subject", "A".to_owned()), ("body", "B".to_owned()), ("category", billing)],
            "/backend/supporters" => vec![("user", "kim".to_owned())],
            "/backend/settings" => vec![("supporter_group", "support".to_owned()), ("ratings", "1".to_owned())],
            _ if route.starts_with("/backend/categories/<id>") => vec![("name_en", format!("Renamed {}", self.category))],
            _ if route.starts_with("/backend/categories") => vec![("name_en", "Extra".to_owned())],
            _ if route.starts_with("/backend/labels") => {
                vec![("name", format!("Renamed {}", self.ticket)), ("colour", "blue".to_owned())]
            }
            _ if route.ends_with("/labels") => vec![("label", self.label.clone())],
            "/tickets/<number>/saved-answers" => vec![("insert", self.saved[1].clone()), ("body", "Text".to_owned())],
            _ if route.contains("/saved-answers") => {
                vec![("title", format!("Renamed {}", self.category)), ("text_en", "Text".to_owned())]
            }
            "/views/first" => vec![("view", "mine".to_owned())],
            _ if route.starts_with("/views") => {
                vec![("view_name", format!("V {}", self.category)), ("list", "priority=high".to_owned())]
            }
            _ if route.ends_with("/messages") || route.contains("/notes") => vec![("body", "Text".to_owned())],
            "/tickets/actions" => vec![("number", self.ticket.to_string()), ("action", "close".to_owned())],
            _ if route.ends_with("/assignee") => vec![("assignee", "tom".to_owned())],
            _ if route.ends_with("/priority") => vec![("priority", "high".to_owned())],
            _ if route.ends_with("/category") => vec![("category", billing)],
            _ if route.ends_with("/seen") => vec![("message", "2".to_owned())],
            _ if route.ends_with("/rating") => vec![("stars", "3".to_owned())],
            _ => vec![],
        }
    }
}

pub(super) fn coded(fields: &[(&str, String)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect();
    pairs.join("&")
}

/// A letter that came in for the ticket and is held.
async fn letter(world: &World, ticket: u64) -> String {
    let id = IncomingId(SystemIds.next());
    let key = BlobKey::from_stored(&SystemIds.next().simple().to_string()).unwrap();
    let raw = format!("From: anna@example.org\r\nMessage-ID: <{id}@example.org>\r\n\r\nCANARY");
    let blobs = world.helpdesk().blobs().unwrap().clone();
    let size = blobs.put(&key, &mut Some(raw.clone().into())).await.unwrap();
    let now = world.helpdesk().now();
    let mut letter = Incoming::new(id, (key, size, Digest::of(raw.as_bytes())), Envelope::default(), now, now);
    (letter.verdict, letter.due_at) = (Verdict::NotConfirmed, None);
    letter.ticket = TicketNumber::new(ticket.try_into().unwrap());
    let insert = move |unit: &mut dyn Unit| unit.incoming().insert(&letter);
    world.helpdesk().storage().run_write::<_, StorageError, _>(insert).await.unwrap();
    id.to_string()
}
