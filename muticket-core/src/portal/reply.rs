//! Replying: the customer writes on their own ticket.

use crate::access::Action;
use crate::draft::{NewMessage, Post, remember, tell};
use crate::error::{Error, Refusal};
use crate::history::Change;
use crate::id::TicketNumber;
use crate::notice::Notice;
use crate::portal::{Portal, own_ticket};
use crate::routing;
use crate::situation::Situation;
use crate::storage::Unit;
use crate::ticket::{Message, Role};

impl Portal {
    /// Adds a reply. The supporters that the routing selects are mailed. A reply never conflicts with messages of others
    /// (P-26).
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] below level *Comment*; [`Refusal::TicketClosed`]; [`Refusal::SupportOff`];
    /// [`Error::Invalid`]; [`Refusal::FormUsed`]; [`Refusal::SameAgain`]; [`Error::Unavailable`].
    pub async fn reply(&self, number: TicketNumber, new: NewMessage) -> Result<Message, Error> {
        if self.situation.is_none() {
            let guess = Situation::guess(&self.helpdesk, &self.user).await?;
            match self.reply_in(&guess, number, new.clone()).await {
                // A refusal based on cached settings must be checked again with freshly loaded ones.
                Err(no) if guess.is_guess() && !matches!(no, Error::Unavailable(_)) => {}
                answer => return answer,
            }
        }
        self.reply_in(&*self.situation().await?, number, new).await
    }

    async fn reply_in(&self, situation: &Situation, number: TicketNumber, new: NewMessage) -> Result<Message, Error> {
        let parts = &self.helpdesk.parts;
        let user = self.user.clone();
        let post = Post::check(new, user.id.clone(), Role::Customer, self.helpdesk.now(), parts);
        let post = match post {
            Ok(post) => post,
            // Check access first: customers who may not reply here must not be asked to correct their text.
            Err(invalid) => {
                parts.storage.run_read(move |unit| own_ticket(unit, &user, number, Action::Reply)).await?;
                return Err(invalid);
            }
        };
        let recheck = situation.recheck();
        let work = move |unit: &mut dyn Unit| {
            let mut ticket = own_ticket(unit, &user, number, Action::Reply)?;
            if let Some(sent) = post.sent_before(unit, Some(number))? {
                return Ok::<_, Error>(sent);
            }
            let (_, staff) = recheck.settings_and_staff(unit)?;
            if !staff.support_is_active() {
                return Err(Refusal::SupportOff.into());
            }
            post.says_something_new(unit, &ticket)?;
            let place = ticket.write(Role::Customer, post.now)?;
            unit.tickets().update(&ticket)?;
            let message = post.store(unit, number, place)?;
            remember(unit, &ticket, &user.id, post.now, Change::Replied(place))?;
            let recipients = routing::supporters_for(&staff, ticket.category.as_ref(), &user.id);
            tell(unit, &*post.ids, Notice::CustomerReplied, &message, recipients)?;
            Ok(message)
        };
        let message = parts.storage.run_write(work).await?;
        self.helpdesk.ring();
        Ok(message)
    }
}
