"""A policy on the desk: its texts and versions, its years, the packs that it rests on."""
