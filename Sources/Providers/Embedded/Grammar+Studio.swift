extension Grammar {
    /// How pictures and sounds are planned, how a reader reacts, and what stands at the front of a book.
    static let studio = Grammar(
        """
        [composition]
        From below, with the sky taking two thirds.
        From the doorway, as somebody sees it who is about to leave.
        Close to the ground, with one light from the left.
        From far off, small, with a great deal of empty paper around it.
        [artStyle]
        Ink and grey wash on rough paper, one warm colour for lamps, no faces.
        Woodcut in two blocks, dark blue and bone, no writing.
        Soft pencil with the highlights left bare, seen as if through thin mist.
        [cue]
        The place itself, before anybody speaks: {sound}.
        One line, close and unhurried, and behind it {sound}.
        Almost nothing. Then, once, {sound}.
        [voice]
        low and unhurried
        young, a little out of breath
        dry, as if reading from a list
        [reaction]
        I wanted to stay a moment longer, and took that as a good sign.
        I chose quickly and was sorry before the page had turned.
        I read the last line twice.
        I trusted {name} here, against my better judgement.
        I had forgotten the {relic} until it was mentioned, and then I could think of nothing else.
        I laughed, and looked round.
        I would have liked a third way out.
        I was sure that I knew what was coming. I did not.
        I noticed that I was reading more slowly.
        I felt that I had been here before, and liked it.
        [tagline]
        One night in {town}, and several ways out of it.
        A story of {a:relic}, a town, and what is owed.
        Be indoors by the second bell.
        [blurb]
        {Threat} comes to {town} every year. {Name} has something to tell you, and you have until morning.
        Nobody in {town} talks about it, and everybody sets a place for it. Tonight the place is yours.
        You came to {town} for one evening. The {relic} has been expecting you for rather longer.
        """)
}
