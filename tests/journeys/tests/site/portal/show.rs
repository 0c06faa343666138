//! Reading a ticket.

use muticket_journeys::{World, at, journey};

journey! {
    /// a guest is sent to the host's login with the address to return to, and forms of a guest are refused.
    async fn a_guest_is_led_to_the_login_and_back(world: World) {
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        assert_eq!(world.mailed().await, ["sara"]);
        let before = world.kept().dump();
        let guest = world.guest();
        for path in ["/", "/tickets?state=all", "/tickets/new", &at(ticket), "/backend", "/backend/settings", "/nowhere"] {
            let answer = guest.get(path).await.is(303);
            let back: String = format!("/support{path}").bytes().map(|byte| {
                if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            }).collect();
            assert_eq!(answer.location(), format!("/login?back={back}"));
        }
        let form = world.as_("anna").writes(ticket, "I am a guest").await;
        let answer = guest.submits(&form.file("log.txt", b"jam")).await.is(401);
        assert!(answer.header("Location").is_none() && answer.says("I am a guest"), "the text is kept when the session has ended");
        assert_eq!(answer.attributes(".actions a", "href"), [format!("/support{}", at(ticket))], "and the link leads back to it");
        assert_eq!(world.kept().dump(), before);
    }

    /// another customer's ticket looks exactly like one that does not exist, at every address.
    async fn a_foreign_ticket_does_not_exist(world: World) {
        let (anna, ben) = (world.as_("anna"), world.as_("ben"));
        let ticket = anna.opens("Printer", "Billing", "CANARY-4711").await;
        assert_eq!(world.mailed().await, ["sara"]);
        assert!(ben.does_not_find(ticket).await);
        assert_eq!(ben.lists("?state=all&customer=anna").await, [""; 0]);
        assert_eq!(anna.lists("?state=all").await, ["Printer"]);
        for text in ["0", "-1", "1e3", "01", "999999999", &"9".repeat(300), "1.json", "1;x", "%31%00", "+1"] {
            assert_eq!(ben.get(&format!("/tickets/{text}")).await.status, 404, "{text}");
            assert_eq!(anna.get(&format!("/tickets/{text}")).await.status, 404, "{text}");
        }
    }

    /// supporters see all tickets, present or not. D-04: nobody else does, and supporters stop when they lose the group.
    async fn supporters_reach_every_ticket_until_they_lose_the_group(world: World) {
        let tickets = [
            world.as_("anna").opens("Invoice", "Billing", "Too high").await,
            world.as_("ben").opens("Cable", "Technical", "Too short").await,
        ];
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        for ticket in tickets {
            for supporter in ["sara", "tom", "uwe"] {
                world.as_(supporter).sees(ticket).await;
            }
            for stranger in ["vera", "kim", "ada", "rita"] {
                assert!(world.as_(stranger).does_not_find(ticket).await, "{stranger}");
            }
        }
        let sara = world.as_("sara");
        let (answer, close) = (sara.writes(tickets[0], "Too late").await, sara.sees(tickets[0]).await.form("/close"));
        world.as_("anna").replies(tickets[0], "Still too high").await;
        world.people().change("sara", |sara| sara.groups.clear());
        let before = world.kept().dump();
        let refused = sara.submits(&answer).await.is(404);
        assert!(refused.says("Too late"), "what was typed comes back: {}", refused.brief());
        let _ = sara.submits(&close).await.is(404);
        assert!(sara.does_not_find(tickets[0]).await);
        assert_eq!(world.kept().dump(), before);
        // The letter that was waiting for her is no longer sent.
        assert_eq!(world.mailed().await, [""; 0]);
    }

    /// D-01: the role is stored with the message. It does not change when its author becomes a supporter or stops being one.
    async fn the_role_of_a_message_does_not_change_afterwards(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        sara.answers(ticket, "Switch it on").await;
        let roles = |page: &muticket_journeys::Answer| (page.count(".message-customer"), page.count(".message-supporter"));
        assert_eq!(roles(&anna.sees(ticket).await), (1, 1));
        world.people().change("sara", |sara| sara.groups.clear());
        world.people().change("anna", |anna| anna.groups = vec![muticket_core::GroupId::new("support")]);
        assert_eq!(roles(&anna.sees(ticket).await), (1, 1));
        world.people().remove("sara");
        assert_eq!(roles(&anna.sees(ticket).await), (1, 1));
        assert_eq!(world.mailed().await, ["anna"]);
    }

    /// D-13: every change adds a line to the history, in order.
    async fn the_history_tells_what_happened(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let answer = sara.answers(ticket, "Switch it on").await;
        anna.rates(ticket, answer, 4).await;
        tom.closes(ticket).await;
        sara.reopens(ticket).await;
        anna.replies(ticket, "Still silent").await;
        let page = anna.sees(ticket).await;
        assert_eq!(page.all(".message .text"), ["It is silent", "Switch it on", "Still silent"]);
        let events = page.all(".event");
        assert_eq!(events.len(), 2);
        assert!(events[0].contains("Tom Tal") && events[1].contains("Sara Sand"), "{events:?}");
        let number = format!("{ticket}").parse().unwrap();
        let work = move |unit: &mut dyn muticket_core::storage::Unit| unit.histories().list(number, muticket_core::viewer::Side::Desk, None);
        let history = world.helpdesk().storage().run_read(work).await.unwrap();
        let told: Vec<_> = history.iter().map(|entry| format!("{} {:?}", entry.by, entry.change)).collect();
        let kinds = ["anna Opened", "sara Answered", "sara Assigned", "anna Rated", "tom Closed", "sara Reopened", "anna Replied"];
        assert_eq!(told.len(), kinds.len());
        assert!(told.iter().zip(kinds).all(|(told, kind)| told.starts_with(kind)), "{told:?}");
        assert_eq!(world.mailed().await, ["anna", "sara", "sara"]);
    }

    /// D-12: pages are in the language that the user chose, else in the first available one of their browser's.
    async fn pages_are_in_the_readers_language(world: World) {
        let anna = world.as_("anna");
        let language = |page: &muticket_journeys::Answer| page.attributes("html", "lang");
        assert_eq!(language(&anna.get("/tickets").await), ["en"]);
        assert_eq!(language(&anna.clone().speaking("fr, de-AT;q=0.8, en;q=0.5").get("/tickets").await), ["de"]);
        assert_eq!(language(&anna.clone().speaking("de").get("/tickets/77").await), ["de"]);
        world.people().change("anna", |anna| anna.language = Some(muticket_core::Language::german()));
        let page = anna.clone().speaking("en").get("/tickets/new").await;
        assert_eq!(language(&page), ["de"]);
        assert_eq!(page.form("/tickets").choices("category")[1..], ["Rechnung", "Sonstiges", "Technik"]);
        let ticket = anna.opens("Drucker", "Rechnung", "Er schweigt").await;
        world.as_("sara").answers(ticket, "Schalten Sie ihn ein").await;
        let letters = world.letters().await;
        assert_eq!(letters.len(), 2);
        assert!(letters[0].html.contains("lang=\"de\"") && letters[1].html.contains("lang=\"en\""), "{}", letters[0].html);
    }

    /// D-12: an instant is shown in the reader's time zone. The machine-readable form stays UTC.
    async fn times_are_those_of_the_readers_clock(world: World) {
        let anna = world.as_("anna").speaking("de");
        let ticket = anna.opens("Drucker", "Rechnung", "Er schweigt").await;
        let shown = async || {
            let page = anna.sees(ticket).await;
            let of = |name: &str| page.attributes(".message time", name).remove(0);
            (of("title"), of("datetime"))
        };
        let (greenwich, machine) = shown().await;
        world.people().change("anna", |anna| anna.time_zone = muticket_core::TimeZone::parse("Asia/Kolkata"));
        let (kolkata, same) = shown().await;
        assert!(greenwich.ends_with(" UTC") && kolkata.ends_with(" GMT+5:30"), "{greenwich}, {kolkata}");
        assert_ne!(greenwich.replace(" UTC", ""), kolkata.replace(" GMT+5:30", ""));
        assert!(machine == same && machine.ends_with('Z'), "{machine}");
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// D-03: a user with the level to read sees their own tickets and cannot write. Below that level they see nothing.
    async fn reading_and_writing_are_different_rights(world: World) {
        let anna = world.as_("anna");
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let form = anna.writes(ticket, "Hello?").await;
        world.people().change("anna", |anna| anna.level = muticket_core::AccessLevel::Read);
        assert!(anna.sees(ticket).await.find_form("/messages").is_none());
        assert!(anna.submits(&form).await.is(403).says("Hello?"));
        world.people().change("anna", |anna| anna.level = muticket_core::AccessLevel::Overview);
        let _ = anna.get(&at(ticket)).await.is(403);
        let _ = anna.get("/tickets").await.is(403);
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
