extension Grammar {
    /// Seeds of stories, their classification first, and what one role tells another.
    static let desk = Grammar(
        """
        [place.title]
        The house with the lower door
        A chapel facing the wrong way
        The last stop before {town}
        The stair with one step too many
        {title:town} at low water
        The room behind the clock
        The street that is swept at night
        [place.summary]
        One room of the inn at {town} is never let and always warm. {Name}, {trade}, changes the sheets.
        The well of {town} answers, a day late. Lately it has begun to answer things that nobody asked.
        There is a door in {town} that opens only for people who are leaving. {Name}, {trade}, oils its hinges.
        There is a landing in {town} where boats tie up and nobody gets off. {Name}, {trade}, lays the table there.
        Once a year {town} is one street longer. Whoever lives in it knows {secret}.
        [person.title]
        The tenth at a table for nine
        An heir to nothing in particular
        {Name}, twice
        The one who stayed dry
        {Name}'s second shadow
        The guest with the return ticket
        The clerk who signs for the dead
        [person.summary]
        {Name}, {trade}, sells maps of {town} with one street missing. It is always the street of the buyer.
        Nobody in {town} can describe {name}, {trade}, and everybody owes the same small sum.
        {Name}, {trade}, has died twice this year, and is short with people who bring it up.
        {Name}, {trade}, was seen on both sides of the river at once. Only one of them came home, and eats too little.
        A child in {town} draws faces before they arrive. Today's drawing is of you, and it is wet.
        [object.title]
        What the {relic} weighs
        The {relic} in the wrong pocket
        {A:relic} for whoever asks
        The {relic} that came back
        One {relic}, slightly used
        The {relic} and its twin
        A weight too light
        [object.summary]
        The {relic} is passed on with a bow and without a word. The last one who had it left {town} that night, running.
        There are two of them: one {relic} in the church of {town}, one in the river. They are never found together.
        {Name}, {trade}, would trade the house for the {relic} and will not be seen touching it.
        The {relic} is heavier after dark. {Name}, {trade}, weighs it every evening and has stopped writing it down.
        Whoever carries the {relic} is greeted by name in {town}. The name is never quite the right one.
        [event.title]
        The day of the borrowed boats
        A market after midnight
        The hour that was skipped
        The night {threat} knocked
        Two bells too many
        The morning nobody opened
        A burial without a name
        [event.summary]
        All boats of {town} were gone by morning and back by noon, with their ropes tied by strangers.
        The clocks of {town} left out an hour. {Name}, {trade}, spent it awake, and knows who else did.
        A wedding was held in {town}, and no one can say whose. The {relic} was among the gifts.
        {Threat} came early, and only one house in {town} had been warned. Its owner will not say by whom.
        The whole of {town} woke at the same minute and remembered {secret}. By noon all but {name} had forgotten it.
        [question.title]
        Who else has been here?
        What is owed to {threat}?
        Where does the ninth cup go?
        Who pays for the empty house?
        What does the {relic} open?
        Why does {name} count to nine?
        Whose light is that?
        [question.summary]
        {Name}, {trade}, keeps a list of those who will be missed in {town}. Your name has moved up.
        Every letter to {town} is delivered, even those to the drowned. Somebody signs for them.
        The children of {town} have a rhyme about {threat}. It has a verse that they stop singing when you come near.
        Nobody in {town} asks {secret}. {Name}, {trade}, has begun to, and doors have begun to close.
        If {threat} can be bought off, somebody has been paying. The {relic} may be the receipt.
        [advice]
        Keep the {relic} in sight: a reader forgives a mystery, but not a missing prop.
        Let {threat} be heard before it is seen.
        Give {name} one habit and come back to it whenever something is being hidden.
        Do not answer {secret} before the last section; let each branch rule out one answer.
        Stay in the present tense and close to the hands.
        Let both choices cost something that has already been shown.
        One image for {town} is enough; repeat it and change a single word.
        End on a verb that the reader can do.
        [adviceOnWord]
        The brief says “{keyword}”: let somebody say the word once, and never explain it.
        Put “{keyword}” from the brief into the first scene and into the last, and nowhere between.
        """)
}
