extension Grammar {
    /// The sentences of scenes and their choices, in the second person and the present tense.
    static let scenes = Grammar(
        """
        [when]
        an hour before the tide turns
        as the last lamps are put out
        with dusk already standing in the doorways
        while the town is still at supper
        on the one night when nobody fishes
        just after the second bell
        before the bakers are up
        [weather]
        the rain has the patience of a creditor
        fog lies folded in every hollow
        the wind smells of iron and cut reeds
        a thin frost is writing on every pane
        the air is warm in the way that means thunder
        the snow has stopped, and nothing else has started
        the drizzle is too fine to hear and too steady to ignore
        the sky hangs low enough to touch with a broom
        [sound]
        somewhere below you a chain is let out, link by link
        water ticks in the walls like a slow clock
        a door that you cannot see keeps trying its latch
        gulls argue over something that you would rather not look at
        the boards answer every step of yours with one of their own
        a kettle sings in a house that has been shut for years
        far off, somebody is sweeping, and does not stop
        [opening]
        You come to {here} {when}. {Weather}, and {sound}.
        {Here} is smaller than you were told. {Weather}; {sound}.
        There is no good way into {here}, so you take the bad one. {Weather}.
        You smell {here} before you see it: wet stone, lamp oil, and under that something sweet. {Weather}.
        The path gives out, and there is {here}. You stand still until your breath is quieter than the place. {Sound}.
        It is later than you meant it to be when you reach {here}. {Weather}, and {sound}.
        [detail]
        Somebody has laid out nine cups and taken one away again.
        A coat hangs by the door with its pockets turned out.
        The dust has been drawn on with one finger, and the drawing stops at your feet.
        Every clock here shows the same hour, and it is not this one.
        On the sill stands a row of shells, sorted by a rule that you nearly understand.
        The floor slopes, so gently that only the puddles have noticed.
        A candle has burned down on both sides of the window.
        There are wet footprints going in. You look twice for those that come out.
        Someone has mended the railing with blue thread, as if it were a sleeve.
        The paint has come off at the height of a child's hand.
        Three chairs face the wall, like pupils kept behind.
        A list has been pinned up, and the last line is still damp.
        [doing]
        winding wet rope around one elbow
        counting under the breath, and starting over
        holding the {relic} as if it might still be hot
        writing your name on a label, spelled as your mother spells it
        with both hands flat on the table, like somebody who has decided something
        peeling an apple in one long ribbon without looking down
        listening to the wall
        [encounter]
        {Name}, {trade}, is here already, {doing}.
        You are not alone. {Name}, {trade}, is standing where the light does not reach, {doing}.
        A cough, and the shadow by the stove turns out to be {name}, {trade}, {doing}.
        “Shut it behind you.” {Name}, {trade}, does not turn round, {doing}.
        You nearly step on {name}, {trade}, who sits on the floor, {doing}.
        [speech]
        “You took the long way,” says {name}. “Good. The short one lies.”
        “I was told to wait for somebody with clean shoes,” says {name}, and looks at yours for a while.
        “Ask me anything but that,” says {name}, though you have not asked anything yet.
        “They are all asleep,” says {name}. “I made sure of it. Now make it worth the trouble.”
        “Do you hear it too, or is it only me again?” says {name}, and seems to need the answer.
        “There is still time to have never come,” says {name}, quite kindly.
        “Whatever they gave you for it,” says {name}, “it was not enough.”
        “Nobody believes the first part,” says {name}, “so I will begin with the second.”
        [omen]
        The {relic} lies between you, and neither of you looks at it for the same reason.
        You feel the {relic} in your pocket turn over, like a sleeper.
        On the shelf stands the {relic}, wiped clean of dust and of fingerprints.
        It takes you a moment to see what is wrong: the {relic} casts no shadow here.
        The {relic} is where you left it, and it has been used since.
        When {name} shifts the lamp, the {relic} is for an instant a great deal older.
        [word]
        One word has been chalked on the beam above you, and the word is “{keyword}”.
        “{Keyword},” says {name}, as people say the name of a street where something happened.
        Under the dust on the table somebody has scratched “{keyword}”, and then scratched it out.
        You think of what you were told before you set out, of which you have kept only “{keyword}”.
        Behind the wall a voice says “{keyword}”, once, in the tone of a correction.
        [stake]
        If {threat} gets here first, nobody will ever learn {secret}.
        All at once you know that this is about {secret}, and that you are the last one who was told.
        {Threat} will be at the door within the hour, and it has never needed a key.
        You could ask {secret}. You could also still sleep at night.
        Whoever leaves here with the {relic} will have to explain {secret}.
        Down in {town} a bell begins, stops, and thinks better of it: {threat} is early.
        [turn]
        Then the lamp goes down to a blue bead, and {name} stops pretending not to be afraid.
        Something heavy is set down, very gently, on the other side of the floor.
        {Name} holds out an empty hand. It takes you a moment to see that it is an offer.
        The door that you came through is no longer quite where you left it.
        For the space of one breath the whole house leans towards you, as if to hear better.
        [lastLine]
        You have a moment, and then you will have had it.
        {Name} waits. So does the water.
        It is your move, and the house knows it.
        Whatever you do now, you will be the one who did it.
        The light will last for one decision.
        You can hear both ways out, and neither of them sounds empty.
        [ending]
        So it comes out after all, {secret}, and it takes fewer words than the silence did. {Name} nods, and sits down.
        You set the {relic} on the sill. It is only a thing now, and it looks relieved.
        {Threat} comes, and stands in the door, and for once goes away with nothing.
        [lastPage]
        In the morning {town} opens its shutters one by one, and nobody asks where you were. You would have told them.
        You walk out along the reeds until the bells are behind you. At the second mile you notice that you are humming.
        There is bread on the step, still warm. You have no idea whom to thank, and decide on everybody.
        Years later they will say that it was a mild night. You let them.
        The nine cups stand in their row again. You drink from yours, and put it back.
        [go]
        Go on to {there}
        Make for {there} before {threat} does
        Follow the wet footprints to {there}
        Trust {name}, and head for {there}
        Take the {relic} to {there}
        Slip away to {there} unseen
        Run for {there}
        Let {name} lead you to {there}
        [choice]
        Take the {relic} and go
        Hand the {relic} to {name}
        Ask {name} {secret}
        Put out the lamp and wait
        Leave by the way you came
        Follow the sound behind the wall
        Refuse, and mean it
        Say yes before you can think
        """)
}
