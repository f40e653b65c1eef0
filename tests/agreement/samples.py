"""A small sound agreement that tests spoil in one place at a time."""

SOUND = """\
agreement: valley
title: Truce of the valley
version: "1"
status: in_force
local_zone: Europe/Kyiv
sources: [the text itself]
extent: {south_deg: 10, north_deg: 20, west_deg: 40, east_deg: 60}
parties:
  NORTH: {name: The north, role: side}
  SOUTH: {name: The south, role: side}
lines:
  river:
    title: The river
    path: [[45, 15], [46, 15.2], [47, 15]]
    sides: {NORTH: left, SOUTH: right}
    uncertainty_m: 300
    source: drawn for a test
zones:
  strip:
    title: Ten kilometres along the river
    near_line: {line: river, within_m: 10000, side: SOUTH}
  town:
    title: The town
    polygon: {outer: [[45, 14], [45.2, 14], [45.2, 14.2], [45, 14.2], [45, 14]]}
  land:
    title: The strip without the town
    except: {zone: strip, without: [town]}
sites:
  - id: dam
    name: The dam
    kind: dam
    lat_deg: 15
    lon_deg: 46
    radius_m: 200
    lists: [water]
    source: invented
clauses:
  - id: peace
    text: Nobody fires.
    domain: land
    prohibits: [attack]
    where: everywhere
    binds: [NORTH, SOUTH]
    source: article 1
  - id: water
    text: Nobody strikes the dam.
    domain: infrastructure
    prohibits: [strike]
    where: [strip, land]
    sites: water
    binds: [NORTH]
    weapons: [mortar]
    source: article 2
readings:
  - id: both
    title: As signed
    held_by: [NORTH, SOUTH]
    stance: accepted
    in_force:
      - {window: 2030-01-01/2030-02-01, stated: in January}
    changes:
      - {clause: water, applies: false}
    sources: [the text itself]
exemptions:
  - id: mines
    kind: demining
    text: Clearing mines.
    acts: [explosion]
    needs: notification
    within_m: 500
    within: PT2H
    where: everywhere
consultation:
  - id: call
    severity: S3
    grade: Probable
    notify: [SOUTH]
    within: PT2H
    needs: one_person
commitments:
  - id: aid
    by: [NORTH]
    text: To help.
    condition: none
    status: made
    source: letter
glossary: {fire: any use of a weapon}
"""


def spoiled(old, new):
    assert SOUND.count(old) == 1, f"{old!r} must stand in the sample once"
    return SOUND.replace(old, new)


def written(folder, text=SOUND, name="valley.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
