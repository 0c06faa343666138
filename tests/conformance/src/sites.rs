//! The address of the site.

use muticket_core::site_address::SiteAddress;
use muticket_core::storage::{StorageError, Unit};

use crate::Shared;
use crate::material::{overlapping, read, write};

fn replace(
    from: Option<&SiteAddress>,
    to: &SiteAddress,
) -> impl FnMut(&mut dyn Unit) -> Result<(), StorageError> + Send + 'static {
    let (from, to) = (from.cloned(), to.clone());
    move |unit| unit.site_address().replace(from.as_ref(), &to)
}

/// `SiteAddresses::find` is "`None` if none was ever stored", and then what `replace` stored last.
pub async fn the_address_of_the_site_is_kept(storage: Shared) {
    let find = || read(&storage, |unit| unit.site_address().find());
    assert_eq!(find().await, None);
    let addresses = [
        SiteAddress::new("/support", None),
        SiteAddress::new("/support", Some("https://example.org/support")),
        SiteAddress::new("/", Some("https://xn--exmple-cua.org:8443/a/b-c_d.e~f")),
        SiteAddress::new("/a/Größe", Some("")),
        SiteAddress::new("/help", None),
    ];
    let mut last = None;
    for address in &addresses {
        write(&storage, replace(last, address)).await;
        assert_eq!(find().await.as_ref(), Some(address));
        last = Some(address);
    }
}

/// `SiteAddresses::replace` is `Stale` "if the stored address is not `from`", and then nothing was changed.
pub async fn an_address_is_replaced_only_if_it_is_the_one(storage: Shared) {
    let refused = async |from: Option<&SiteAddress>, to: &SiteAddress| {
        let result: Result<(), StorageError> = storage.run_write(replace(from, to)).await;
        assert!(matches!(result, Err(StorageError::Stale)), "{from:?}: {result:?}");
    };
    let find = || read(&storage, |unit| unit.site_address().find());
    let here = SiteAddress::new("/support", Some("https://example.org/support"));
    let there = SiteAddress::new("/support", Some("https://example.com/support"));
    refused(Some(&here), &there).await;
    assert_eq!(find().await, None);
    write(&storage, replace(None, &here)).await;
    refused(None, &there).await;
    for other in [
        SiteAddress::new("/help", Some("https://example.org/support")),
        SiteAddress::new("/support", Some("https://example.org/SUPPORT")),
        SiteAddress::new("/support", None),
        there.clone(),
    ] {
        refused(Some(&other), &there).await;
    }
    assert_eq!(find().await, Some(here));
}

/// `SiteAddresses::replace`: "If several units replace the same one at once, one succeeds".
pub async fn two_sites_never_get_the_same_storage(storage: Shared) {
    let sites = ["a", "b"].map(|site| SiteAddress::new("/support", Some(&format!("https://{site}.example/support"))));
    for before in [None, Some(SiteAddress::new("/support", None))] {
        if let Some(before) = &before {
            let stored = read(&storage, |unit| unit.site_address().find()).await;
            write(&storage, replace(stored.as_ref(), before)).await;
        }
        // Whether it took the storage, as the unit saw it that was committed.
        let take = |mine: &SiteAddress| {
            let (before, mine) = (before.clone(), mine.clone());
            move |unit: &mut dyn Unit, pause: &dyn Fn()| {
                let stored = unit.site_address().find()?;
                pause();
                if stored != before {
                    return Ok(false);
                }
                unit.site_address().replace(stored.as_ref(), &mine).map(|()| true)
            }
        };
        let second = take(&sites[1]);
        let took = overlapping(&storage, take(&sites[0]), move |unit| second(unit, &|| {})).await;
        let stored = read(&storage, |unit| unit.site_address().find()).await;
        let whose = if took.0 { &sites[0] } else { &sites[1] };
        assert!(took.0 != took.1 && stored.as_ref() == Some(whose), "{took:?}, {stored:?}");
    }
}
