//! Request guards. A route reaches tickets only through a door, and gets a door only from one of these guards. So no route can forget a
//! check.

use std::sync::Arc;

use muticket_core::backend::Backend;
use muticket_core::conversation::{Conversation, Part};
use muticket_core::desk::Desk;
use muticket_core::frontend::Frontend;
use muticket_core::overview::{Filter, Overview};
use muticket_core::portal::Portal;
use muticket_core::{Error, TicketNumber};
use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use crate::error::{Failure, Kept, Stash};
use crate::page::Frame;
use crate::site::{Asker, Site};

/// The instance that serves the request, for what every visitor may have.
pub(crate) struct Here<'r> {
    pub(crate) site: &'r Arc<Site>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Here<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        Outcome::Success(Self { site: Site::of(request) })
    }
}

/// The doors of the frontend: the portal, and for a supporter also the desk.
pub(crate) struct Doors<'r> {
    pub(crate) site: &'r Arc<Site>,
    asker: &'r Asker,
    pub(crate) portal: Portal,
    pub(crate) desk: Option<Desk>,
}

impl<'r> Doors<'r> {
    /// The frame with which pages are rendered.
    pub(crate) fn frame(&self) -> Frame<'r> {
        Frame { site: self.site, asker: self.asker, supporter: self.desk.is_some() }
    }

    /// The desk. Fails with [`Error::NotFound`] unless the visitor is a supporter.
    pub(crate) fn desk(&self) -> Result<&Desk, Error> {
        self.desk.as_ref().ok_or(Error::NotFound)
    }

    /// Opens the doors for the visitor of the request.
    pub(crate) async fn of(request: &'r Request<'_>) -> Result<Doors<'r>, Error> {
        Self::for_(Site::of(request), Asker::of(request).await?).await
    }

    /// Opens the doors for a known visitor.
    pub(crate) async fn for_(site: &'r Arc<Site>, asker: &'r Asker) -> Result<Doors<'r>, Error> {
        Ok(Self::behind(site, asker, site.helpdesk.enter(&asker.visitor).await?))
    }

    fn behind(site: &'r Arc<Site>, asker: &'r Asker, frontend: Frontend) -> Self {
        let Frontend { portal, desk, .. } = frontend;
        Doors { site, asker, portal, desk }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Doors<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match Self::of(request).await {
            Ok(doors) => Outcome::Success(doors),
            Err(error) => Outcome::Error((Stash::leave(request, error.into()), ())),
        }
    }
}

/// A signed-in user before the doors are opened, for pages that open them and read in one transaction.
pub(crate) struct Reader<'r> {
    site: &'r Arc<Site>,
    asker: &'r Asker,
}

impl<'r> Reader<'r> {
    /// The list of tickets.
    pub(crate) async fn overview(self, filter: &Filter) -> Result<(Doors<'r>, Overview), Error> {
        let (frontend, overview) = self.site.helpdesk.overview(&self.asker.visitor, filter).await?;
        Ok((Doors::behind(self.site, self.asker, frontend), overview))
    }

    /// One ticket.
    pub(crate) async fn show(self, number: TicketNumber, part: Part) -> Result<(Doors<'r>, Conversation), Error> {
        let (frontend, conversation) = self.site.helpdesk.show(&self.asker.visitor, number, part).await?;
        Ok((Doors::behind(self.site, self.asker, frontend), conversation))
    }

    async fn of(request: &'r Request<'_>) -> Result<Self, Error> {
        Self::for_(Site::of(request), Asker::of(request).await?)
    }

    /// Accepts every visitor except guests.
    pub(crate) fn for_(site: &'r Arc<Site>, asker: &'r Asker) -> Result<Self, Error> {
        // A guest always has to sign in first.
        asker.user().ok_or(Error::SignIn)?;
        Ok(Self { site, asker })
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Reader<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match Self::of(request).await {
            Ok(reader) => Outcome::Success(reader),
            Err(error) => Outcome::Error((Stash::leave(request, error.into()), ())),
        }
    }
}

/// The doors, or the reason why they did not open. Used by routes that take a text: the text is read first, so that it is not lost.
pub(crate) struct Ajar<'r>(Result<Doors<'r>, Error>);

impl<'r> Ajar<'r> {
    /// Returns the doors. A failure holds the text that was typed.
    pub(crate) fn open(self, kept: &[Kept]) -> Result<Doors<'r>, Failure> {
        self.0.map_err(|error| Failure::from(error).keeping(kept.to_vec()))
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Ajar<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        Outcome::Success(Self(Doors::of(request).await))
    }
}

/// The door of the backend.
pub(crate) struct Admin<'r> {
    pub(crate) site: &'r Arc<Site>,
    asker: &'r Asker,
    pub(crate) backend: Backend,
}

impl<'r> Admin<'r> {
    /// The frame with which pages are rendered.
    pub(crate) fn frame(&self) -> Frame<'r> {
        Frame { site: self.site, asker: self.asker, supporter: false }
    }

    async fn open(request: &'r Request<'_>) -> Result<Admin<'r>, Error> {
        Self::for_(Site::of(request), Asker::of(request).await?)
    }

    /// Opens the door for a known visitor.
    pub(crate) fn for_(site: &'r Arc<Site>, asker: &'r Asker) -> Result<Admin<'r>, Error> {
        let backend = site.helpdesk.backend(&asker.visitor)?;
        Ok(Admin { site, asker, backend })
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Admin<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match Self::open(request).await {
            Ok(admin) => Outcome::Success(admin),
            Err(error) => Outcome::Error((Stash::leave(request, error.into()), ())),
        }
    }
}
