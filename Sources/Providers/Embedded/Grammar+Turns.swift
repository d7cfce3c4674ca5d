extension Grammar {
    /// How scenes come to their point, and what the reader may do then.
    static let turns = Grammar(
        """
        [turn]
        Then the lamp goes down to a blue bead, and {name} stops pretending not to be afraid.
        Something heavy is set down, very gently, on the other side of the floor.
        {Name} holds out an empty hand. It takes you a moment to see that it is an offer.
        The door that you came through is no longer quite where you left it.
        For the space of one breath the whole house leans towards you, as if to hear better.
        A key turns twice in a lock, and there is no lock in sight.
        Then everything that hangs begins to swing, all of it to the same side.
        {Name} laughs, and it is the wrong laugh, and you both hear it.
        Outside somebody calls your name, and then, more softly, {name}'s.
        Water comes in under the door, an inch of it, clear and in no hurry.
        A stair creaks: the third from the top, the one that everybody steps over.
        “Now,” says {name}, to nobody, and the light goes out and comes back on.
        {Name} turns over the last of the cards, and puts it back without showing it.
        The window is open. You would have sworn that it was painted on.
        All the noises stop except one, and that one was never there before.
        A drawer slides out by itself, the width of a hand.
        {Name} crosses the room in three steps and stands between you and the way out.
        Something that you took for the wind says please.
        You see now that there are two shadows of {name}, and that one of them is pointing.
        Somebody has come in behind you and is standing as you stand.
        The bell rope moves. High above there is no bell any more, and still you wait for it.
        {Name} begins to cry, without any fuss, like somebody opening an umbrella.
        The floor gives one dull knock, and then, from further down, an answer.
        A light goes on across the water, in a house that was pulled down.
        [stake]
        If {threat} gets here first, nobody will ever learn {secret}.
        All at once you know that this is about {secret}, and that you are the last one who was told.
        {Threat} will be at the door within the hour, and it has never needed a key.
        You could ask {secret}. You could also still sleep at night.
        Whoever leaves here with the {relic} will have to explain {secret}.
        Down in {town} a bell begins, stops, and thinks better of it: {threat} is early.
        There are people asleep in {town} who trust you, and they have not been asked.
        What {name} has just told you is half of {secret}, and the kinder half.
        You have one friend left in {town}, and you are about to find out which.
        If you are wrong about {name}, {threat} will be the least of it.
        Somewhere in {town} a list is being written, and your name still fits on it.
        Without the {relic} you are a stranger here. With it you are something worse.
        Once it is said aloud {secret}, it cannot be put back.
        {Threat} took your neighbour's house last year, and you had the better locks.
        There is time for one thing only, and {name} has thought of two.
        You promised to be home by the second bell, and you know now that you will not be.
        The whole of {town} has been paying for a silence, and the next payment is you.
        You came to learn {secret}. You had not thought about who would have to hear it.
        If {other} is right, {threat} does not come from outside at all.
        {Name} would let you go. That is what makes it hard.
        Nobody would blame you for the {relic}. They would only never speak to you again.
        {Threat} has reached the lower houses. You can tell by the dogs.
        A lie would hold until morning. After that it would have to hold you.
        What you have in your hand could save {town} or {name}, and will not stretch to both.
        [lastLine]
        You have a moment, and then you will have had it.
        {Name} waits. So does the water.
        It is your move, and the house knows it.
        Whatever you do now, you will be the one who did it.
        The light will last for one decision.
        You can hear both ways out, and neither of them sounds empty.
        You breathe in. It is surprising how much can still go either way.
        There is a right thing to do. There was time to think about it yesterday.
        Your feet have made up their minds; they are only waiting for you.
        Nobody is going to say it for you.
        One of these doors you will remember.
        You look at your hands, and they look ready.
        It would be easier if somebody pushed.
        The clock on the wall has stopped, to be fair to you.
        You know what you would tell a friend to do. You have never been that friend.
        So, then.
        Someone has to be first through the door, and everyone else has gone home.
        What you leave here you will not find again.
        Later you will say that you had no choice. You do.
        The silence has your measurements.
        You feel for the edge of the step with your foot.
        There is nothing left to wait for except the end of waiting.
        The night makes room for you.
        You could still toss a coin, if you were willing to see how it fell.
        [go]
        Go on to {there}
        Make for {there} before {threat} does
        Follow the wet footprints to {there}
        Trust {name}, and head for {there}
        Take the {relic} to {there}
        Slip away to {there} unseen
        Run for {there}
        Let {name} lead you to {there}
        Say nothing, and walk to {there}
        Ask {name} for the way to {there}
        Leave the lamp, and feel your way to {there}
        Do as {other} would, and try {there}
        Hide the {relic} and set out for {there}
        Break your promise, and go to {there}
        Follow the sound as far as {there}
        Turn your back on {name} and find {there}
        Wake {other}, and go together to {there}
        Cross the water to {there}
        Give {name} your coat and slip off to {there}
        Wait for the bell, then go to {there}
        Take the stairs down towards {there}
        Risk the roofs to {there}
        Lie about the {relic}, and be sent to {there}
        Go and see {there} for yourself
        [show]
        Show the {token}, and be let through to {there}
        Hold up the {token}, and take the locked way to {there}
        Give up the {token} for the short way to {there}
        Trade the {token} for a place in the boat to {there}
        Put the {token} on the table, and ask for {there}
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
