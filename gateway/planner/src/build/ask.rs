//! Asks for fields, of whoever was chosen, and goes on with the objects in them.

use std::rc::Rc;

use smallvec::smallvec;
use supergraph::{SubgraphId, TypeId};

use super::Builder;
use crate::condition::When;
use crate::draft::table::{Likeness, Meaning};
use crate::draft::{Origin, Position, PositionId, Resolved, Source, Supplied};
use crate::error::Error;
use crate::map::{Few, ShortMap};
use crate::routes::Door;
use crate::sites::Site;
use crate::type_set::TypeSet;
use crate::wants::{Choice, Here, Via, Want};

impl Builder<'_, '_> {
    /// Asks for a field, of whoever was chosen.
    pub(super) fn take(
        &mut self,
        at: PositionId,
        want: &Want,
        choice: &Choice,
    ) -> Result<(), Error> {
        // Settling the inputs of another want may have brought this one.
        let position = &self.draft.positions[at];
        let is_open = |&ty: &TypeId| !position.resolved.contains_key(&(want.asked, ty));
        let open = want.types.filter(is_open);
        if open.is_empty() {
            return Ok(());
        }
        let want = &*want.of(open);
        let mut sources: Few<u32> = Few::new();
        for &via in &choice.vias {
            let source = match via {
                Via::Enter(subgraph) => {
                    let door = self.door(want, subgraph);
                    let entrance = self.entrance(at, door, &want.types)?;
                    if self.is_begun(at, want) {
                        return self.take(at, want, choice);
                    }
                    self.pass(at, door, &want.types, entrance)
                }
                Via::Present(_) | Via::Require(_) => self.source(at, want, via)?,
            };
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        if self.is_begun(at, want) {
            return self.take(at, want, choice);
        }
        self.ask(at, want, &sources);
        Ok(())
    }

    /// Whether a field was asked for of some of the types while what it takes was seen to.
    fn is_begun(&self, at: PositionId, want: &Want) -> bool {
        let resolved = &self.draft.positions[at].resolved;
        let mut types = want.types.iter();
        types.any(|ty| resolved.contains_key(&(want.asked, ty)))
    }

    fn source(&mut self, at: PositionId, want: &Want, via: Via) -> Result<u32, Error> {
        match via {
            Via::Present(index) => Ok(index),
            Via::Enter(subgraph) => self.enter(at, self.door(want, subgraph), &want.types),
            Via::Require(subgraph) => self.require(at, subgraph, want),
        }
    }

    /// Where a subgraph is entered for a field.
    pub(super) fn door(&self, want: &Want, subgraph: SubgraphId) -> Door {
        let name = &self.terrain.goals.asked(want.asked).name;
        let ty = want.types.first().expect("wants have types");
        let sites = &self.terrain.sites;
        let held = sites.held(Site::entity(subgraph), ty, name);
        let held = held.expect("only subgraphs that hold a field are entered for it");
        sites.door(subgraph, held)
    }

    pub(super) fn ask(&mut self, at: PositionId, want: &Want, sources: &[u32]) {
        let mut suppliers = Few::new();
        let mut below = Vec::new();
        for &source in sources {
            let (supplied, inner) = self.ask_one(at, want, source);
            suppliers.push(supplied);
            below.extend(inner);
        }
        let child = (!want.subs.is_empty()).then(|| self.child(at, want, below));
        let position = &mut self.draft.positions[at];
        let result = position.results.len();
        position.results.push(Resolved { suppliers, child });
        for ty in want.types.iter() {
            position.resolved.insert((want.asked, ty), result);
        }
    }

    /// Asks one source of a position for a field.
    fn ask_one(&mut self, at: PositionId, want: &Want, index: u32) -> (Supplied, Option<Source>) {
        let source = self.draft.positions[at].sources[index as usize];
        let question = Rc::clone(self.terrain.goals.asked(want.asked));
        let name = &question.name;
        let ty = want.types.first().expect("wants have types");
        let held = self
            .terrain
            .sites
            .held(source.site, ty, name)
            .expect("only sites that hold a field are chosen for it");
        let composite = self.terrain.graph.ty(held.field.named).is_composite();
        let leaf = (!composite).then_some(held.field.named);
        let key = self.child_key(at, want);
        let apart = self.apart.contains(&key).then(|| want.types.clone());
        let field = self.draft.field(
            source.object,
            Meaning {
                asked: want.asked,
                likeness: Likeness::new(&held.field.ty, leaf),
                apart,
            },
            &want.types,
            composite,
            want.client_key.as_ref(),
            &self.terrain.goals,
        );
        let asked = &self.draft.objects[source.object].fields[field];
        let (slot, child) = (asked.slot, asked.child);
        let supplied = Supplied {
            source: index,
            object: source.object,
            field,
            slot,
        };
        let inner = child.map(|object| Source {
            site: self.terrain.sites.below(source.site, ty, held, name),
            object,
            origin: Origin::Slot {
                parent: index,
                slot,
            },
        });
        (supplied, inner)
    }

    fn child(&mut self, at: PositionId, want: &Want, sources: Vec<Source>) -> PositionId {
        let question = Rc::clone(self.terrain.goals.asked(want.asked));
        let name = &question.name;
        let possible = self.terrain.sites.inner(&want.types, name);
        let types = match sources.first() {
            Some(Source {
                site:
                    Site {
                        subgraph,
                        named: Some(named),
                        ..
                    },
                ..
            }) => self
                .terrain
                .sites
                .run_time(*subgraph, *named)
                .and(&possible),
            _ => possible,
        };
        let key = self.child_key(at, want);
        self.draft.positions.push(Position {
            parent: Some(at),
            types,
            sources,
            resolved: ShortMap::default(),
            results: Vec::new(),
            typename: None,
            told: When::NEVER,
            key,
        });
        self.draft.positions.len() - 1
    }

    fn child_key(&self, at: PositionId, want: &Want) -> u64 {
        let first = want.types.first().map_or(0, |ty| ty.0);
        mix(mix(self.draft.positions[at].key, want.asked.0), first)
    }

    /// Sees to what is wanted of the object in a field that was asked for.
    pub(super) fn below(&mut self, at: PositionId, want: &Want) -> Result<(), Error> {
        if want.subs.is_empty() {
            return Ok(());
        }
        let mut results: Few<(usize, Few<TypeId>)> = Few::new();
        for ty in want.types.iter() {
            let result = self.draft.positions[at].resolved[&(want.asked, ty)];
            match results.iter_mut().find(|(known, _)| *known == result) {
                Some((_, types)) => types.push(ty),
                None => results.push((result, smallvec![ty])),
            }
        }
        for (result, types) in results {
            let Some(child) = self.draft.positions[at].results[result].child else {
                continue;
            };
            let want = want.of(TypeSet::of_sorted(&types));
            self.supplement(at, &want, result, child)?;
            self.fulfil(child, &want.subs)?;
        }
        Ok(())
    }

    /// Asks more sources for a field if those that were asked do not lead to all that is wanted
    /// of the object in it.
    fn supplement(
        &mut self,
        at: PositionId,
        want: &Want,
        result: usize,
        child: PositionId,
    ) -> Result<(), Error> {
        // What was entered there is there for some types only; it can be entered again.
        let mut below = self.sites(child);
        below.retain(|site| !site.entity);
        if below.first().is_none_or(|site| site.named.is_none()) {
            return Ok(());
        }
        let only = |ty| self.terrain.only_holder(want.asked, ty).is_some();
        if want.types.single().is_some_and(only) {
            return Ok(());
        }
        if self
            .terrain
            .estimate(&want.subs, &below)?
            .missing
            .is_empty()
        {
            return Ok(());
        }
        let sites = self.sites(at);
        let covered = self.covered(at);
        let barred = self.barred(at);
        let typed = self.is_typed(at);
        let here = Here {
            present: &sites,
            covered: &covered,
            typed,
            barred: &barred,
        };
        let vias = self.terrain.supplement(want, here, &below)?;
        for via in vias {
            let source = self.source(at, want, via)?;
            let (supplied, inner) = self.ask_one(at, want, source);
            self.draft.positions[at].results[result]
                .suppliers
                .push(supplied);
            self.draft.positions[child].sources.extend(inner);
        }
        Ok(())
    }
}

/// FNV-1a over the bytes of a number: keys that are equal in every run.
fn mix(key: u64, number: u32) -> u64 {
    number.to_le_bytes().iter().fold(key, |key, &byte| {
        (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
