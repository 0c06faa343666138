//! The assignee, the priority and the category of a ticket.

use muticket_journeys::{World, journey};

journey! {
    /// T-03: a supporter takes a ticket, hands it over and releases it. The new assignee is mailed, unless they did it themselves.
    async fn a_ticket_is_taken_handed_over_and_released(world: World) {
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        assert_eq!(world.mailed().await, ["sara"]);
        let page = sara.assigns(ticket, "Sara Sand").await;
        assert_eq!(page.count("[data-done=taken]"), 1);
        assert_eq!(world.mailed().await, Vec::<String>::new());
        assert_eq!(sara.assigns(ticket, "Tom Tal").await.count("[data-done=assigned]"), 1);
        let letters = world.letters().await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].text.contains("Sara Sand has assigned a ticket to you."), "{}", letters[0].text);
        assert!(letters[0].to.address().as_str().starts_with("tom"));
        tom.assigns(ticket, "Nobody").await;
        let events = tom.sees(ticket).await.all(".event");
        let told = ["Sara Sand took the ticket", "Sara Sand assigned the ticket to Tom Tal", "Tom Tal released the ticket"];
        assert!(events.len() == 3 && events.iter().zip(told).all(|(event, told)| event.contains(told)), "{events:?}");
        assert_eq!(world.mailed().await, Vec::<String>::new());
    }

    /// T-03: a ticket is handed over with a note. The new assignee gets one letter, which quotes the note. Sending the form twice counts
    /// once, and a note that cannot be stored is shown again.
    async fn a_ticket_is_handed_over_with_a_note(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        assert_eq!(sara.sees(ticket).await.count(".hand-over textarea[name=note]"), 1);
        let form = sara.sees(ticket).await.form("/assignee").choosing("assignee", "Tom Tal").forced("note", b"She has called twice");
        let nobody = sara.submits(&form.clone().forced("assignee", b"")).await.is(422);
        assert_eq!(nobody.all(".hand-over[open] textarea"), ["She has called twice"]);
        let stranger = sara.submits(&form.clone().forced("assignee", b"anna")).await.is(422);
        assert_eq!(stranger.all(".hand-over[open] textarea"), ["She has called twice"]);
        let _ = world.mailed().await;
        for _ in 0..2 {
            let _ = sara.submits(&form).await.is(303);
        }
        let letters = world.letters().await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].text.contains("has assigned a ticket to you") && letters[0].text.contains("She has called twice"), "{}", letters[0].text);
        let page = world.as_("tom").sees(ticket).await;
        assert_eq!(page.all(".note .text"), ["She has called twice"]);
        assert_eq!(page.form("/assignee").value("assignee"), "tom");
        assert!(!anna.sees(ticket).await.says("called twice"));
    }

    /// T-03: an answer to a ticket without an assignee takes it, unless the setting is off.
    async fn answering_assigns(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        sara.answers(ticket, "Switch it on").await;
        tom.answers(ticket, "And wait").await;
        assert_eq!(tom.sees(ticket).await.form("/assignee").value("assignee"), "sara");
        world.settings(|settings| settings.answering_assigns = false).await;
        let other = anna.opens("Scanner", "Billing", "It is slow").await;
        sara.answers(other, "Wait").await;
        assert_eq!(sara.sees(other).await.form("/assignee").value("assignee"), "");
        assert_eq!(world.mailed().await, ["anna", "anna", "anna", "sara", "sara"]);
    }

    /// T-04: a reply is mailed to the assignee alone while they are present; otherwise the category decides.
    async fn a_reply_goes_to_the_assignee_first(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        sara.assigns(ticket, "Tom Tal").await;
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        anna.replies(ticket, "Still silent").await;
        assert_eq!(world.mailed().await, ["tom"], "Billing is Sara's category");
        world.presence("tom", false).await;
        anna.replies(ticket, "Silent").await;
        assert_eq!(world.mailed().await, ["sara"]);
        world.presence("tom", true).await;
        world.settings(|settings| settings.assignee_first = false).await;
        anna.replies(ticket, "So silent").await;
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-03, D-04: an assignee who left the group counts as none, and nobody can be assigned who is no supporter.
    async fn an_assignee_is_a_supporter(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let form = sara.sees(ticket).await.form("/assignee").choosing("assignee", "Tom Tal");
        world.people().change("tom", |tom| tom.groups.clear());
        let page = sara.submits(&form).await.is(422);
        assert!(page.says("This person is no longer a supporter."));
        for person in ["anna", "vera", "nobody"] {
            let _ = sara.submits(&form.clone().forced("assignee", person.as_bytes())).await.is(422);
        }
        world.people().change("tom", |tom| tom.groups = vec![muticket_core::GroupId::new("support")]);
        let _ = sara.submits(&form).await.is(303);
        world.people().change("tom", |tom| tom.groups.clear());
        assert_eq!(sara.sees(ticket).await.form("/assignee").value("assignee"), "");
        anna.replies(ticket, "Still silent").await;
        assert_eq!(world.mailed().await, ["sara", "sara"], "Tom's letter is dropped");
    }

    /// P-26: two supporters who take the same ticket: the second is told who was faster, and nothing is overwritten.
    async fn the_second_is_told_who_was_faster(world: World) {
        let (sara, tom) = (world.as_("sara"), world.as_("tom"));
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        let forms = [&sara, &tom].map(|person| async move { person.sees(ticket).await.form("/assignee") });
        let [saras, toms] = forms;
        let (saras, toms) = (saras.await.choosing("assignee", "Sara Sand"), toms.await.choosing("assignee", "Tom Tal"));
        let other = tom.sees(ticket).await.form("/priority").choosing("priority", "high");
        let _ = sara.submits(&saras).await.is(303);
        let page = tom.submits(&toms).await.is(409);
        assert!(page.says("Sara Sand took the ticket"), "{}", page.words());
        assert_eq!(tom.sees(ticket).await.form("/assignee").value("assignee"), "sara");
        // Another property was not changed by anybody else, so this is no conflict.
        let _ = tom.submits(&other).await.is(303);
        // Tom has now seen the change, so they may change it again.
        tom.assigns(ticket, "Tom Tal").await;
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-05: the priority is changed, stands in the history, and takes only its four words.
    async fn a_priority_is_set(world: World) {
        let sara = world.as_("sara");
        let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
        assert_eq!(sara.sees(ticket).await.form("/priority").value("priority"), "normal");
        let page = sara.prioritizes(ticket, "urgent").await;
        assert_eq!(page.form("/priority").value("priority"), "urgent");
        assert!(page.all(".event")[0].contains("Sara Sand set the priority to urgent"));
        for odd in ["", "Urgent", "4", "<b>"] {
            let form = page.form("/priority").forced("priority", odd.as_bytes());
            let _ = sara.submits(&form).await.is(400);
        }
        assert_eq!(world.mailed().await, ["sara"]);
    }

    /// T-07: the category is changed; the supporters of the new one are told, the assignee stays.
    async fn a_category_is_changed(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        assert_eq!(world.mailed().await, ["sara"]);
        let form = sara.sees(ticket).await.form("/category").choosing("category", "Technical");
        let answer = sara.submits(&form).await.is(303);
        let page = sara.follows(&answer).await;
        assert!(page.all(".event")[0].contains("Sara Sand changed the category to Technical"));
        let letters = world.letters().await;
        assert_eq!(letters.len(), 1);
        assert!(letters[0].text.contains("Sara Sand has changed the category of a ticket."), "{}", letters[0].text);
        assert!(letters[0].to.address().as_str().starts_with("tom"));
        assert!(anna.sees(ticket).await.says("Technical"));
        for odd in ["", "unknown"] {
            let _ = sara.submits(&page.form("/category").forced("category", odd.as_bytes())).await.is(422);
        }
        assert_eq!(world.mailed().await, Vec::<String>::new());
    }
}
