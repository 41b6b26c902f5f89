//! Which address a call comes from. What a proxy says of it counts only where the proxy is trusted: everybody can send a
//! header.

use axum::http::{HeaderMap, header};
use ipnet::IpNet;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Who is at the other end of the connection; whoever accepts connections puts it into the request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The addresses that count as one: an IPv4 address, or the /64 that an IPv6 address is in, which is what one subscriber
/// has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & (u128::MAX << 64)).into(),
            IpAddr::V4(address) => address.into(),
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => address.fmt(formatter),
            IpAddr::V6(address) => write!(formatter, "{address}/64"),
        }
    }
}

/// The client of a call: the peer, or whom trusted proxies name.
///
/// Each proxy adds whom it was called by at the right end. So the list is read from there, past those who are trusted; the
/// first who is not is the client, and what stands before it is the client's own word. Where both headers are there and
/// don't agree, the proxy writes one of them and hands on the other unread; as nobody can tell which, neither is believed.
pub fn client_of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Network {
    let peer = peer.to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    if !is_trusted(peer) {
        return peer.into();
    }
    let walk = |named: Vec<Option<IpAddr>>| {
        let mut client = peer;
        for address in named.into_iter().rev() {
            // What is no address was not written by a proxy that we could believe.
            let Some(address) = address else { break };
            client = address;
            if !is_trusted(address) {
                break;
            }
        }
        client
    };
    let named = (values(headers, "x-forwarded-for"), values(headers, header::FORWARDED.as_str()));
    let client = match named {
        (None, None) => peer,
        (Some(list), None) => walk(list.iter().map(|item| address(item)).collect()),
        (None, Some(list)) => walk(list.iter().map(|item| forwarded_for(item)).collect()),
        (Some(plain), Some(standard)) => {
            let one = walk(plain.iter().map(|item| address(item)).collect());
            let other = walk(standard.iter().map(|item| forwarded_for(item)).collect());
            if one == other { one } else { peer }
        }
    };
    client.into()
}

/// The items of a list that may be spread over several headers; `None` where there is no such header.
fn values(headers: &HeaderMap, name: &str) -> Option<Vec<String>> {
    let mut lines = headers.get_all(name).iter().peekable();
    lines.peek()?;
    let texts = lines.map(|value| value.to_str().unwrap_or("?").to_owned());
    Some(texts.flat_map(|line| line.split(',').map(|item| item.trim().to_owned()).collect::<Vec<_>>()).collect())
}

/// An element of `Forwarded` (RFC 7239): `for="[2001:db8::1]:4711";proto=https`
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    address(value.trim().trim_matches('"'))
}

/// With or without a port, IPv6 with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port).or_else(bare).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    #[track_caller]
    fn check(peer: &str, headers: &[(&'static str, &'static str)], expected: &str) {
        let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].iter().map(|text| text.parse().unwrap()).collect();
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        assert_eq!(client_of(peer.parse().unwrap(), &headers, &trusted).to_string(), expected);
    }

    #[test]
    fn without_a_trusted_proxy_the_peer_is_the_client_whatever_it_says() {
        check("192.0.2.1", &[], "192.0.2.1");
        check("192.0.2.1", &[("x-forwarded-for", "198.51.100.7")], "192.0.2.1");
        check("192.0.2.1", &[("forwarded", "for=198.51.100.7")], "192.0.2.1");
        check("::ffff:192.0.2.1", &[], "192.0.2.1");
    }

    #[test]
    fn the_first_from_the_right_who_is_not_trusted_is_the_client() {
        check("10.0.0.1", &[("x-forwarded-for", "198.51.100.7")], "198.51.100.7");
        check("10.0.0.1", &[("x-forwarded-for", "203.0.113.9, 198.51.100.7, 10.9.9.9")], "198.51.100.7");
        check("10.0.0.1", &[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "198.51.100.7")], "198.51.100.7");
        check("::ffff:10.0.0.1", &[("x-forwarded-for", "::ffff:198.51.100.7")], "198.51.100.7");
        check("10.0.0.1", &[("x-forwarded-for", "10.0.0.3, 10.0.0.2")], "10.0.0.3");
    }

    #[test]
    fn the_standard_header_is_read_with_its_quotes_brackets_and_ports() {
        check("10.0.0.1", &[("forwarded", "for=198.51.100.7;proto=https")], "198.51.100.7");
        check("10.0.0.1", &[("forwarded", "by=10.0.0.1; For=\"198.51.100.7:4711\"")], "198.51.100.7");
        check("fd00::1", &[("forwarded", "for=\"[2001:db8:1:2:3:4:5:6]:80\", for=10.1.1.1")], "2001:db8:1:2::/64");
    }

    #[test]
    fn what_is_no_address_ends_the_list() {
        check("10.0.0.1", &[("x-forwarded-for", "198.51.100.7, unknown, 10.0.0.2")], "10.0.0.2");
        check("10.0.0.1", &[("forwarded", "for=_hidden")], "10.0.0.1");
        check("10.0.0.1", &[("x-forwarded-for", "")], "10.0.0.1");
    }

    #[test]
    fn headers_that_do_not_agree_are_not_believed() {
        check("10.0.0.1", &[("x-forwarded-for", "198.51.100.7"), ("forwarded", "for=203.0.113.9")], "10.0.0.1");
        check("10.0.0.1", &[("x-forwarded-for", "198.51.100.7"), ("forwarded", "for=198.51.100.7")], "198.51.100.7");
    }

    #[test]
    fn an_ipv6_subscriber_counts_once_however_many_addresses_it_uses() {
        check("2001:db8:1:2:3:4:5:6", &[], "2001:db8:1:2::/64");
        check("2001:db8:1:2:ffff::1", &[], "2001:db8:1:2::/64");
    }
}
