"""The word lists: those that come along are in order, and a region that adds its own is told what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from portal.catalogue import codelists
from portal.catalogue.codelists import CodeListError
from portal.search import vocabulary, word_check
from portal.search.question import read_question
from portal.search.understanding import Understander
from portal.search.word_commands import words

LISTS = codelists.load()


def folder_with(tmp_path: Path, **files: str) -> Path:
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return tmp_path


def test_the_words_that_come_along_do_not_clash() -> None:
    assert [str(clash) for clash in word_check.clashes(LISTS)] == []


@pytest.mark.parametrize(
    ("file", "content", "row", "said"),
    [
        ("topics", "topic,voice,expression\nrouwe,family,mist opa zo", 2, "write rouw"),
        ("topics", "topic,voice,expression\nrouw,neighbour,mist opa zo", 2, "choose from family, professional"),
        ("topics", "topic,voice,expression\nrouw,family,\n", 2, "has no expression"),
        ("topics", "topic,voice,expression\nrouw,family,mist opa, elke dag", 2, "in quotes"),
        ("topics", "topic,voice,expression\nrouw,family,naar de", 2, "says nothing by itself"),
        ("topics", "topic,voice,expression\nrouw,family,losse handjes", 2, "is also said of agressie"),
        ("topics", "topic,voice,expression\nrouw,family,mist knoet\nrouw,family,Mist knoet", 3, "is there already"),
        ("topics", "topic,voice,words\nrouw,family,mist opa zo", 1, "make them topic, voice, expression"),
        ("concepts", "concept,words\nknuffelbeest,school", 2, "is the same word as 'school'"),
        ("readings", "language,typed,meant\nxx,bekans,bijna", 2, "choose from en, li, nl"),
        ("readings", "language,typed,meant\nli,bijna,bijna", 2, "is read as itself"),
        ("readings", "language,typed,meant\nli,knoet 3..5,hond\nli,knoet|moet 4,kat", 3, "'knoet 4' is read twice"),
        ("danger", "meaning,words\nsuicide,.. dood", 2, "must begin and end with a word"),
        ("danger", "meaning,words\nharmless,wil dood dood\nsuicide,wil dood dood", 3, "is also harmless"),
        ("deeds", "topic,words\nrouwe,{ouder} mist .. opa", 2, "write rouw"),
        ("deeds", "topic,words\nrouw,{knoet} mist .. opa", 2, "names a group 'knoet'"),
        ("deeds", "topic,words\nrouw,mist .. knoet\ntrauma,mist .. knoet", 3, "is also rouw"),
        ("neighbours", "topic,neighbour,share\nrouw,tics,2", 2, "no number above 0 and up to 1"),
        ("neighbours", "topic,neighbour,share\nrouw,tisc,0.5", 2, "write tics"),
        ("reassuring", "says,words\nfine,gaat wel", 2, "choose from well, past"),
        ("homes", "home,words\nvisits,logeert bij oma", 2, "choose from lives, leaves, seeks"),
        ("forms", "form,read_in,words\ntesting,name,proef", 2, "choose from finds_out"),
        ("forms", "form,read_in,words\nparents,title,ouderuur", 2, "choose from name, whom, text, question"),
        ("forms", "form,read_in,words\nparents,name,ouderuur\nparents,name,ouderuur", 3, "is there already"),
        ("ages", "topic,from,to,instead\nrouw,9,3,", 2, "the youngest first"),
        ("ages", "topic,from,to,instead\nrouw,3,9,rouwe", 2, "write rouw"),
        ("topic", "topic,voice,expression\n", 1, "call it topics.csv"),
    ],
)
def test_a_row_that_is_wrong_is_named_with_its_remedy(
    tmp_path: Path, file: str, content: str, row: int, said: str
) -> None:
    (clash,) = word_check.clashes(LISTS, folder_with(tmp_path, **{file: content}))
    assert clash.file.endswith(f"{file}.csv")
    assert clash.row == row
    assert said in str(clash)


def test_a_treatment_may_serve_several_topics(tmp_path: Path) -> None:
    content = "topic,voice,expression\nrouw,professional,vlinderuur\ntrauma,professional,vlinderuur"
    assert word_check.clashes(LISTS, folder_with(tmp_path, topics=content)) == []


def test_own_words_are_understood(tmp_path: Path) -> None:
    own = folder_with(
        tmp_path,
        deeds="topic,words\nrouw,{ouder} is .. gaan hemelen",
        reassuring="says,words\nwell,loopt .. op rolletjes",
        homes="home,words\nlives,heeft .. onderdak bij de buurvrouw",
        forms="form,read_in,words\nfinds_out,question,doormeten",
        topics="topic,voice,expression\nrouw,professional,Vlinderuur",
        readings="language,typed,meant\nli,zwaaberke,huilbaby",
    )
    understander = Understander(vocabulary.load(LISTS, own))
    assert read_question("zoek vlinderuur", understander, LISTS).topics[0].topic == "rouw"
    assert read_question("een zwaaberke", understander, LISTS).topics[0].topic == "huilbaby"
    assert read_question("mijn vader is gaan hemelen", understander, LISTS).topics[0].topic == "rouw"
    told = read_question("slaapt slecht, met pesten loopt het op rolletjes", understander, LISTS)
    assert [guess.topic for guess in told.topics] == ["slaapproblemen"]
    assert read_question("kan iemand hem doormeten", understander, LISTS).forms == {"finds_out"}
    assert read_question("ze heeft nu onderdak bij de buurvrouw", understander, LISTS).lives_elsewhere


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("topics", "topic,voice,expression\nrouwe,family,mist opa"),
        ("readings", "language,typed,meant\nxx,bekans,bijna"),
        ("readings", "language,typed,meant\nli,!,bijna"),
        ("danger", "meaning,words\nboos,wil dood"),
        ("danger", "meaning,words\nsuicide,wil .."),
        ("deeds", "topic,words\nrouw,{knoet} mist opa"),
        ("neighbours", "topic,neighbour,share\nrouw,knoet,0.5"),
        ("neighbours", "topic,neighbour,share\nrouw,tics,veel"),
        ("reassuring", "says,words\nfine,gaat wel"),
        ("homes", "home,words\nvisits,logeert bij oma"),
        ("forms", "form,read_in,words\ntesting,name,proef"),
        ("forms", "form,read_in,words\nparents,title,ouderuur"),
        ("forms", "form,read_in,words\nparents,name,ouder .."),
        ("ages", "topic,from,to,instead\nrouw,9,3,"),
        ("ages", "topic,from,to,instead\nrouw,3,9,rouwe"),
    ],
)
def test_a_row_that_cannot_be_used_stops_the_portal(tmp_path: Path, file: str, content: str) -> None:
    with pytest.raises(CodeListError, match="row 2"):
        vocabulary.load(LISTS, folder_with(tmp_path, **{file: content}))


def test_the_command_counts_and_checks(searchable_app: Flask) -> None:
    result = searchable_app.test_cli_runner().invoke(words)
    assert result.exit_code == 0
    assert vocabulary.version() in result.output
    assert "No row is wrong" in result.output
