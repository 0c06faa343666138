//! What a route asks for before it runs. A route gets at tickets only through a door, and at a door only through one of these; who has
//! none of them cannot forget a check, for there is nothing he could do.

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

/// Only where the request is: for what everybody may have.
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

/// The doors of the frontend: the portal, and for a supporter the desk.
pub(crate) struct Doors<'r> {
    pub(crate) site: &'r Arc<Site>,
    asker: &'r Asker,
    pub(crate) portal: Portal,
    pub(crate) desk: Option<Desk>,
}

impl<'r> Doors<'r> {
    /// What pages are made with.
    pub(crate) fn frame(&self) -> Frame<'r> {
        Frame { site: self.site, asker: self.asker, supporter: self.desk.is_some() }
    }

    /// The desk; nobody but a supporter has one.
    pub(crate) fn desk(&self) -> Result<&Desk, Error> {
        self.desk.as_ref().ok_or(Error::NotFound)
    }

    /// Opens them for whoever the request is from.
    pub(crate) async fn of(request: &'r Request<'_>) -> Result<Doors<'r>, Error> {
        Self::for_(Site::of(request), Asker::of(request).await?).await
    }

    /// Opens them.
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

/// A user before the doors, for the pages that open them and read in one go.
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

    /// Whoever is no guest.
    pub(crate) fn for_(site: &'r Arc<Site>, asker: &'r Asker) -> Result<Self, Error> {
        // A guest signs in, whatever he asks for.
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

/// The doors, or why they did not open: for a route to which somebody sent a text, which is read first so that it is not lost.
pub(crate) struct Ajar<'r>(Result<Doors<'r>, Error>);

impl<'r> Ajar<'r> {
    /// The doors; if there are none, the failure holds what was typed.
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
    /// What pages are made with.
    pub(crate) fn frame(&self) -> Frame<'r> {
        Frame { site: self.site, asker: self.asker, supporter: false }
    }

    async fn open(request: &'r Request<'_>) -> Result<Admin<'r>, Error> {
        Self::for_(Site::of(request), Asker::of(request).await?)
    }

    /// Opens it.
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
