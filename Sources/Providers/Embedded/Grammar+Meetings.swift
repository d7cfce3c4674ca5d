extension Grammar {
    /// Whom one meets in a scene, what is said, and the thing that all of it turns on.
    static let meetings = Grammar(
        """
        [doing]
        winding wet rope around one elbow
        counting under the breath, and starting over
        turning a cold pipe over and over
        writing your name on a label, spelled as your mother spells it
        with both hands flat on the table, like somebody who has decided something
        peeling an apple in one long ribbon without looking down
        listening to the wall
        sorting buttons by a light that is no use for it
        stitching a sleeve to the wrong coat
        drying one cup, for much longer than a cup needs
        feeding a letter to the stove a line at a time
        trying keys on a door that stands open
        drawing a map in spilled salt, and wiping out one street
        oiling a hinge that has nothing to hold
        keeping very still, as one does for a bird
        laying out cards face down and not turning them
        scraping candle wax off a book that has no title
        folding a sheet of paper smaller than paper goes
        mending a net with thread of two colours
        rubbing one spot on the window clear
        binding up a hand that does not bleed
        copying a list, and leaving out every ninth line
        shelling peas into a hat
        setting a watch by nothing that you can see
        [encounter]
        {Name}, {trade}, is here already, {doing}.
        You are not alone. {Name}, {trade}, is standing where the light does not reach, {doing}.
        A cough, and the shadow by the stove turns out to be {name}, {trade}, {doing}.
        “Shut it behind you,” says {name}, {trade}, without turning round, {doing}.
        You nearly step on {name}, {trade}, who sits on the floor, {doing}.
        On an upturned crate sits {name}, {trade}, {doing}.
        You take {name}, {trade}, for a coat on a hook, until the coat goes on {doing}.
        Through the gap in the boards you can see {name}, {trade}, {doing}.
        In the only chair, as if it had been built around them, sits {name}, {trade}, {doing}.
        It is {name}, {trade}, who has been waiting for you, {doing}.
        Half-way in you meet {name}, {trade}, {doing}, and neither of you is surprised enough.
        A match is struck. Behind it is the face of {name}, {trade}, {doing} until a moment ago.
        At the far end, where you would have gone to be alone, {name}, {trade}, is {doing}.
        “Two minutes,” says {name}, {trade}, {doing}.
        There, in plain sight and easy to miss, is {name}, {trade}, {doing}.
        You hear humming before you see {name}, {trade}, {doing}.
        [speech]
        “You took the long way,” says {name}. “Good. The short one lies.”
        “I was told to wait for somebody with clean shoes,” says {name}, and looks at yours for a while.
        “Ask me anything but that,” says {name}, though you have not asked anything yet.
        “They are all asleep,” says {name}. “I made sure of it. Now make it worth the trouble.”
        “Do you hear it too, or is it only me again?” says {name}, and seems to need the answer.
        “There is still time to have never come,” says {name}, quite kindly.
        “Whatever they gave you for it,” says {name}, “it was not enough.”
        “Nobody believes the first part,” says {name}, “so I will begin with the second.”
        “{Other} sat where you stand,” says {name}, “and gave a different name.”
        “I can tell you who, or I can tell you why,” says {name}. “I have not breath for both.”
        “If {other} asks, I was kind to you,” says {name}. “Look as if I had been.”
        “You have your mother's way of not sitting down,” says {name}.
        “I have told the truth once in this room,” says {name}. “They have been airing it ever since.”
        “Every year somebody comes,” says {name}, “and every year I have just made tea.”
        “It is not a secret,” says {name}. “It is only that everyone who knows it is tired.”
        “{Other} will say that I did it,” says {name}. “{Other} was always generous.”
        “Keep your hands where the lamp can see them,” says {name}, not unkindly. “It counts.”
        “I used to be braver,” says {name}. “You will not believe how little good it did.”
        “Before you begin,” says {name}, “decide whether you want to be thanked.”
        “You are the third today,” says {name}, “and the first to wipe your feet.”
        “Do not pity me,” says {name}. “Pity makes the floor creak.”
        “Somebody paid for your supper in this town,” says {name}. “I thought you should know that it was not me.”
        “I have kept a place for you,” says {name}. “I had hoped to be wrong.”
        “Say it plainly,” says {name}. “The walls here only repeat the clever things.”
        [omen]
        The {relic} lies between you, and neither of you looks at it for the same reason.
        You feel the {relic} in your pocket turn over, like a sleeper.
        On the shelf stands the {relic}, wiped clean of dust and of fingerprints.
        It takes you a moment to see what is wrong: the {relic} casts no shadow here.
        The {relic} is where you left it, and it has been used since.
        When {name} shifts the lamp, the {relic} is for an instant a great deal older.
        There is a place worn into the wood, exactly as large as the {relic}.
        Somebody has drawn the {relic} on the plaster, life-size, with every scratch in place.
        The {relic} is warm. It has no reason to be.
        You would know the {relic} anywhere; that is the trouble with it.
        The {relic} gives the smallest of sounds, like somebody about to speak who thinks of the hour.
        For once the {relic} weighs nothing at all, and you hold it tighter.
        “Put it away,” says {name}, and you find that you had taken out the {relic}.
        A second {relic}, made of bread dough, is drying on the sill.
        There is a label on the {relic} now, and the writing is yours.
        In the lamplight the {relic} shows a seam that you have never noticed.
        You have the {relic} under your coat, and the coat knows it.
        {Name} speaks to you, but so as to be heard by the {relic}.
        The {relic} has left a mark on your palm, and the mark points somewhere.
        Among the rubbish in the corner lies a box made to hold the {relic}, and only that.
        A moth circles the {relic} as though it were lit.
        The {relic} smells of the sea today. Yesterday it was apples.
        Every time that you look at the {relic} it has turned a little further towards {name}.
        You set down the {relic}, and the table stops wobbling.
        [word]
        One word has been chalked on the beam above you, and the word is “{keyword}”.
        “{Keyword},” says {name}, as people say the name of a street where something happened.
        Under the dust on the table somebody has scratched “{keyword}”, and then scratched it out.
        You think of what you were told before you set out, of which you have kept only “{keyword}”.
        Behind the wall a voice says “{keyword}”, once, in the tone of a correction.
        A child's sampler hangs by the door, one word in red wool: “{keyword}”.
        On the back of your hand, where you wrote it so as not to forget, it still says “{keyword}”.
        There is a knock, and then, through the keyhole, “{keyword}”, and then feet going away.
        The oldest page on the wall is a bill, made out for “{keyword}” and marked as paid.
        “{Keyword}”, it says under the picture, where the name of the painter should be.
        Somebody has cut letters from a sack of flour, and they spell “{keyword}”.
        {Name} hums a tune to which there is one word only, and it is “{keyword}”.
        You find a ticket in your pocket, stamped twice, and across it in pencil: “{keyword}”.
        A parrot's perch stands by the stove. The parrot is gone; what it used to say was “{keyword}”.
        “{Keyword}?” says {name}, as one asks whether it is still raining.
        The crossword on the stool has been solved but for seven across. You would have put “{keyword}”.
        In the frost on the inside of the glass a finger has written “{keyword}”, the right way round for the street.
        The last entry in the visitors' book is from tonight and reads “{keyword}”.
        {Name} says “{keyword}” as though it were a price.
        A slate hangs on a nail, wiped many times, and under the chalk one can still read “{keyword}”.
        You say “{keyword}” under your breath, to hear whether it still means what it did.
        There is a grave of a cat behind the house, with a stone, and on the stone “{keyword}”.
        Two people have carved their names in the door post. The third name is “{keyword}”.
        “We do not say “{keyword}” in here,” says {name}, and looks up at the beam.
        [gain]
        Before you can refuse, {name} has put {a:token} into your hand. “Somebody will ask you for it.”
        You leave with {a:token} that you did not have when you came. {Name} pretends not to have seen.
        {A:token} has been left where only you would look. You take it.
        “Take this,” says {name}, and gives you {a:token}. “It opens more than it should.”
        In the lining of the curtain your fingers find {a:token}, and they keep it.
        You pick up {a:token} from the floor. It is the one thing here without dust on it.
        """)
}
