//! Rows of `user_account`.

use std::collections::HashMap;

use kit::id::UserId;
use kit::sql::{Error, Row};
use kit::viewer::Scope;

use super::{Store, joined, split};
use crate::domain::account::User;
use crate::domain::role::{BadRole, Role};

/// A part of the list of users, in the order in which they came.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    /// Only those behind this one.
    pub(crate) after: Option<UserId>,
    /// Only those whose name or address contains this, whatever its case.
    pub(crate) search: Option<&'a str>,
    /// The most users to return.
    pub(crate) limit: u32,
}

impl Store {
    /// Those of `ids` who exist.
    pub(crate) async fn users(
        &self,
        scope: &Scope,
        ids: Vec<UserId>,
    ) -> Result<HashMap<UserId, User>, Error> {
        let rows = self
            .db
            .scoped(scope)
            .query("SELECT * FROM user_account WHERE tenant_id = $1 AND id IN ({list})")
            .bind_list(ids)
            .all()
            .await?;
        rows.iter()
            .map(|row| read(row).map(|user| (user.id, user)))
            .collect()
    }

    pub(crate) async fn list_users(
        &self,
        scope: &Scope,
        wanted: Wanted<'_>,
    ) -> Result<Vec<User>, Error> {
        // Every id comes after the empty text.
        let after = wanted.after.map_or_else(String::new, |id| id.to_string());
        let rows = self
            .db
            .scoped(scope)
            .query(
                "SELECT * FROM user_account
                 WHERE tenant_id = $1 AND id > $2 AND search_text LIKE $3 ESCAPE '!'
                 ORDER BY id
                 LIMIT $4",
            )
            .bind(after)
            .bind(pattern(wanted.search.unwrap_or("")))
            .bind(i64::from(wanted.limit))
            .all()
            .await?;
        rows.iter().map(read).collect()
    }

    /// Adds a user, or leaves the one that is there.
    pub(crate) async fn add_user(&self, scope: &Scope, user: &User) -> Result<(), Error> {
        self.db
            .scoped(scope)
            .query(
                "INSERT INTO user_account
                     (tenant_id, id, display_name, email, search_text, roles, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT DO NOTHING",
            )
            .bind(user.id)
            .bind(user.display_name.clone())
            .bind(user.email.clone())
            .bind(user.search_text())
            .bind(joined(&user.roles))
            .bind(user.created_at)
            .execute()
            .await?;
        Ok(())
    }
}

/// What `LIKE` finds a text by, anywhere.
fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for letter in search.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

fn read(row: &Row) -> Result<User, Error> {
    Ok(User {
        id: row.get("id")?,
        display_name: row.get("display_name")?,
        email: row.get("email")?,
        roles: row.parse::<Roles>("roles")?.0,
        created_at: row.get("created_at")?,
    })
}

struct Roles(Vec<Role>);

impl std::str::FromStr for Roles {
    type Err = BadRole;

    fn from_str(text: &str) -> Result<Self, BadRole> {
        split(text)
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}
