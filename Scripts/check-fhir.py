#!/usr/bin/env python3
"""Has FHIR bundles read by three validators, none of which asks the network for anything.

    check-fhir.py DEMO.fhir EMPTY.fhir

Each of them knows what the others do not: fhirkit the types of JSON, pyrofile codes, references and profiles,
fhir.resources the calendar. None may find anything in the bundles. Then faults are planted in a part of the first, one
at a time: each has to be found by one of them, and each of them has to find some.
"""

import copy
import json
import pathlib
import sys
import tempfile

import fhirkit
import pydantic
from fhir.resources.R4B.bundle import Bundle
from pyrofile_validator import Validator
from pyrofile_validator.config import ValidatorConfig

# What the guide "Symptoms Data Standards" 1.0.0 of HL7 asks of its AssessmentScaleObservation, in our words: its own
# file is not kept here.
PROFILE = "https://unknot.invalid/fhir/StructureDefinition/assessment-scale"
CARDINALITIES = {
    "status": (1, "1"), "category": (1, "*"), "code": (1, "1"), "subject": (1, "1"), "effective[x]": (1, "1"),
    "performer": (1, "1"), "value[x]": (1, "1"), "hasMember": (0, "0"),
}
SURVEY = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "survey"}]}


def profile_files(folder):
    """The profile, and a guide that asks for it on every Observation: only so is it applied within a bundle."""
    elements = [{"id": "Observation", "path": "Observation"}]
    for name, (least, most) in CARDINALITIES.items():
        element = {"id": f"Observation.{name}", "path": f"Observation.{name}", "min": least, "max": most}
        if name == "category":
            element["slicing"] = {"discriminator": [{"type": "value", "path": "$this"}], "rules": "open"}
        elements.append(element)
        if name == "category":
            elements.append({
                "id": "Observation.category:survey", "path": "Observation.category", "sliceName": "survey",
                "min": 1, "max": "1", "patternCodeableConcept": SURVEY,
            })
    definition = {
        "resourceType": "StructureDefinition", "id": "assessment-scale", "url": PROFILE, "name": "AssessmentScale",
        "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": False, "type": "Observation",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation", "derivation": "constraint",
        "differential": {"element": elements},
    }
    guide = {
        "resourceType": "ImplementationGuide", "id": "assessment", "url": "https://unknot.invalid/fhir/guide",
        "global": [{"type": "Observation", "profile": PROFILE}],
    }
    for name, content in (("definition", definition), ("guide", guide)):
        (folder / f"{name}.json").write_text(json.dumps(content))


def by_fhirkit(text):
    return [f"{issue.path}: {issue.message}" for issue in fhirkit.validate(text)]


def by_fhir_resources(text):
    try:
        Bundle.model_validate(json.loads(text))
    except pydantic.ValidationError as error:
        return [f"{'.'.join(map(str, part['loc']))}: {part['msg']}" for part in error.errors()]
    return []


def pyrofile(folder):
    profile_files(folder)
    validator = Validator(ValidatorConfig.load_dict({"localPackagePaths": [str(folder)]}))

    def find(text):
        # As a file: what is given in memory may have one megabyte at most.
        with tempfile.NamedTemporaryFile("w", suffix=".json", dir=folder) as file:
            file.write(text)
            file.flush()
            report = validator.validate_files([pathlib.Path(file.name)])
        return [f"{issue.path}: {issue.message}" for issue in report.issues]

    return find


PERSON = {"reference": "Patient/person"}
# The kind of resource that is changed, what is wrong then, the element that a finding has to name, and the change.
FAULTS = [
    ("Observation", "a status that is none", "status", lambda it: it.update(status="finished")),
    ("Observation", "no status", "status", lambda it: it.pop("status")),
    ("Observation", "no code", "code", lambda it: it.pop("code")),
    ("Observation", "a number that is text", "valueQuantity",
     lambda it: it["valueQuantity"].update(value=str(it["valueQuantity"]["value"]))),
    ("Observation", "two values", "value", lambda it: it.update(valueString="3")),
    ("Observation", "no value", "value", lambda it: it.pop("valueQuantity")),
    ("Observation", "a time without an offset", "effectiveDateTime",
     lambda it: it.update(effectiveDateTime="2026-05-14T18:00:00")),
    ("Observation", "a day that is none", "effectiveDateTime",
     lambda it: it.update(effectiveDateTime="2026-02-30T18:00:00+01:00")),
    ("Observation", "no time", "effective", lambda it: it.pop("effectiveDateTime")),
    ("Observation", "a category that is not survey", "category",
     lambda it: it["category"][0]["coding"][0].update(code="exam")),
    ("Observation", "a subject that is an Observation", "subject",
     lambda it: it.update(subject={"reference": f"Observation/{it['id']}"})),
    ("Observation", "a subject that is not there", "subject",
     lambda it: it.update(subject={"reference": "Patient/nobody"})),
    ("Observation", "no performer", "performer", lambda it: it.pop("performer")),
    ("Observation", "two performers", "performer", lambda it: it["performer"].append(PERSON)),
    ("Observation", "a performer outside of an array", "performer", lambda it: it.update(performer=PERSON)),
    ("Observation", "an element that is unknown", "score", lambda it: it.update(score=3)),
    ("Procedure", "a performer that is no element", "performer", lambda it: it.update(performer=[PERSON])),
    ("Procedure", "an actor that is an Observation", "actor",
     lambda it: it["performer"][0].update(actor={"reference": "Observation/1"})),
    ("Procedure", "a status that is none", "status", lambda it: it.update(status="done")),
    ("Condition", "no subject", "subject", lambda it: it.pop("subject")),
]


def first(bundle, kind):
    """The first resource of its kind; of Observations the first with a quantity."""
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == kind and (kind != "Observation" or "valueQuantity" in resource):
            return entry
    raise SystemExit(f"there is no {kind} to plant faults in")


def main():
    demo, empty = (pathlib.Path(name).read_text() for name in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        finders = {
            "fhir.resources": by_fhir_resources, "fhirkit": by_fhirkit, "pyrofile": pyrofile(pathlib.Path(folder)),
        }
        for name, text in (("demo", demo), ("empty", empty)):
            found = {finder: find(text) for finder, find in finders.items()}
            kinds = [entry["resource"]["resourceType"] for entry in json.loads(text)["entry"]]
            counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))
            for finder, issues in found.items():
                for issue in issues[:5]:
                    print(f"{name}: {finder}: {issue}", file=sys.stderr)
            if any(found.values()):
                raise SystemExit(f"the {name} bundle is not what R4 and the guide ask for")
            print(f"{name}: {', '.join(finders)} find nothing in {counts}")

        bundle = json.loads(demo)
        kinds = ["Patient", "Observation", "Procedure", "Condition"]
        bundle["entry"] = [first(bundle, kind) for kind in kinds]
        assert not any(find(json.dumps(bundle)) for find in finders.values())
        missed, idle = [], set(finders)
        for kind, what, element, plant in FAULTS:
            faulty = copy.deepcopy(bundle)
            plant(faulty["entry"][kinds.index(kind)]["resource"])
            text = json.dumps(faulty)
            # Where it is: what stands before the first colon.
            found = [
                name for name, find in finders.items()
                if any(element in issue.split(":")[0] for issue in find(text))
            ]
            idle -= set(found)
            print(f"  {kind}, {what}: {', '.join(found) or 'NOBODY'}")
            if not found:
                missed.append(what)
        if missed or idle:
            raise SystemExit(f"not found: {missed}; found nothing: {sorted(idle)}")
        print(f"{len(FAULTS)} planted faults, all of them found")


main()
