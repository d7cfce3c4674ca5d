extension Grammar {
    /// How stories end.
    static let endings = Grammar(
        """
        [ending]
        So it comes out after all, {secret}, and it takes fewer words than the silence did. {Name} nods, and sits down.
        You set the {relic} on the sill. It is only a thing now, and it looks relieved.
        {Threat} comes, and stands in the door, and for once goes away with nothing.
        {Name} takes the {relic} from you and walks out to meet {threat}. You are not asked to come. You come.
        You never learn {secret}. You learn that {name} never knew, which is quieter, and worse.
        The {relic} breaks in your hands, along a line that was always there, and inside it is your own name.
        You tell {name} everything. It takes until the lamp is dry, and at the end you are forgiven for something else.
        They open the gates, and {threat} goes through {town} like a tired guest, touching nothing, and out again.
        {Name} signs, and you sign, and {secret} is written down at last in two hands.
        You keep the {relic}. Somebody has to, and you have the pockets for it.
        When {threat} reaches the last house it finds you in the doorway, and you ask it in.
        {Name} is gone by the time that you turn round. On the chair lies the {relic}, and it has been polished.
        You let the {relic} go. It sinks like anything else.
        What you have to say {town} has known all along; it has only been waiting for somebody rude enough.
        {Threat} was never coming. It has been here since before the bells, and it asks, quite politely, to be let out.
        You put out the lamp yourself. In the dark {name} takes your hand, and that is the answer to {secret}.
        The boat is smaller than the one you were promised. {Name} gets in first, and holds it steady.
        It was {other}. You say so, and nobody is surprised except {other}.
        You give the {relic} to the first child who asks for it, and it turns into a toy.
        {Name} reads the page aloud to the end, and then eats it. You both laugh until it hurts.
        You stay. It was not what you came for, but somebody has to answer the door.
        You were wrong about {name}, and there is time to say so, and you do.
        {Threat} takes the {relic} and leaves the house. It seems a fair price until you feel how light you are.
        You go to the window and tell {secret} to the street, in the voice in which one sells fish.
        [lastPage]
        In the morning {town} opens its shutters one by one, and nobody asks where you were. You would have told them.
        You walk out along the reeds until the bells are behind you. At the second mile you notice that you are humming.
        There is bread on the step, still warm. You have no idea whom to thank, and decide on everybody.
        Years later they will say that it was a mild night. You let them.
        The nine cups stand in their row again. You drink from yours, and put it back.
        You sleep until noon, and dream of nothing, and it is like being paid.
        The next year there is one street more in {town}. It is short, and they have named it after you, misspelled.
        You never go back. Now and then a letter comes without a stamp, and you always know the hand.
        {Other} opens the shop at the usual hour and gives you too much change.
        It rains. For the first time since you came to {town} it is only weather.
        Someone has to ring the second bell now, and you find that you are good at it.
        You hang up your coat. It takes you a while to see that it is on the owner's hook.
        On the road out you pass a stranger on the way in. You think about it, and wish them a good evening.
        The register is blotted in one place. You have grown fond of the blot.
        Nobody in {town} has ever thanked you, and nobody has ever let you pay.
        You keep one candle, for no reason, and never light it, for the same one.
        In spring they find the other glove.
        When the children of {town} sing the rhyme now, they go on to the last verse. It is about soup.
        You write it all down and leave out the best part, which belongs to {name}.
        The house is up for sale. It looks at you, when you go by, like a dog that has been told to stay.
        You are asked about it at weddings. You say that you were young, and that it was dark.
        The water goes out further that day than anybody remembers, and comes back on time.
        By the third night you no longer listen for it. By the fourth you miss it.
        From then on you count to ten.
        """)
}
