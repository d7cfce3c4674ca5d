extension Grammar {
    /// How scenes begin: the hour, the weather, and how one comes to a place.
    static let arrivals = Grammar(
        """
        [when]
        an hour before the tide turns
        as the last lamps are put out
        with dusk already standing in the doorways
        while the town is still at supper
        on the one night when nobody fishes
        just after the second bell
        before the bakers are up
        in the blue hour, when every coat looks like yours
        at the time of day when the cats change sides
        with the market bell still shaking in the air
        as the rooks come home in twos and threes
        when the water is as high as it dares
        between two showers, on a street that has not decided to dry
        at an hour that has no bell of its own
        [weather]
        the rain has the patience of a creditor
        fog lies folded in every hollow
        the wind smells of iron and cut reeds
        a thin frost is writing on every pane
        the air is warm in the way that means thunder
        the snow has stopped, and nothing else has started
        the drizzle is too fine to hear and too steady to ignore
        the sky hangs low enough to touch with a broom
        a dry wind goes from door to door like somebody collecting for the poor
        the mist comes up to your knees and no further
        every gutter is telling the same story at a different speed
        the clouds are moving and the smoke is not
        hail rattles past on its way to somewhere else
        the moon is up early and looks as though it had slept badly
        [sound]
        somewhere below you a chain is let out, link by link
        water ticks in the walls like a slow clock
        a door that you cannot see keeps trying its latch
        gulls argue over something that you would rather not look at
        the boards answer every step of yours with one of their own
        a kettle sings in a house that has been shut for years
        far off, somebody is sweeping, and does not stop
        two voices behind a shutter agree about everything
        a dog barks once, as if to check
        a cart goes by in the next street with a wheel that says your name
        ropes creak, one after the other, along the whole quay
        something small runs the length of the roof and waits
        a child is learning the same four notes, and will not be taught the fifth
        the weir mutters like an audience before the curtain
        [opening]
        You come to {here} {when}. {Weather}, and {sound}.
        {Here} is smaller than you were told. {Weather}; {sound}.
        There is no good way into {here}, so you take the bad one. {Weather}.
        You smell {here} before you see it: wet stone, lamp oil, and under that something sweet. {Weather}.
        The path gives out, and there is {here}. You stand until your breath is quieter than the place. {Sound}.
        It is later than you meant it to be when you reach {here}. {Weather}, and {sound}.
        Nobody points the way to {here}, but everybody you pass looks away from it. {Weather}.
        You have walked past {here} a hundred times. Tonight it has left a light on for you. {Sound}.
        {When}, {here} looks like a place that somebody has drawn from memory. {Weather}.
        The last of the streets lets go of you at {here}. {Weather}, and {sound}.
        You arrive at {here} with your collar up and your story ready. {Sound}.
        At {here} the ground has been swept so clean that you feel like the first mistake of the day. {Weather}.
        First comes the smell of cold smoke, then a wall, then the rest of {here}. {Sound}.
        {Here} keeps its back to the street, and you go round it twice before it lets you in. {Weather}.
        You are at {here} sooner than you want to be. {Weather}; {sound}.
        They call it {here}, and say it quickly. {Weather}, and {sound}.
        {When} you stand before {here} and find that you have forgotten your first sentence. {Sound}.
        A hand-written notice asks all visitors to {here} to come back yesterday. {Weather}.
        {Here} was locked an hour ago. It is not locked now, and the key is on the inside. {Sound}.
        You have been told three things about {here}, and the first two are wrong. {Weather}.
        There is a lamp at {here}, and somebody has turned it to the wall. {Weather}; {sound}.
        Down a lane that gets narrower out of shyness you come upon {here}. {Weather}.
        {When} the way to {here} is under water, and you go by the tops of the posts. {Sound}.
        You count the steps to {here}, as children do, and arrive at one too many. {Weather}, and {sound}.
        [came]
        Behind you {from} is already only a darker piece of the dark.
        You still have the dust of {from} on your sleeves.
        What you heard at {from} has come along with you, half a step behind.
        Nobody has followed you from {from}. You looked more often than you needed to.
        You try to remember whether you shut the door at {from}.
        It cannot be ten minutes since {from}, and your boots are a day older.
        The way from {from} was shorter than it had any right to be.
        {From} is behind you now, and you find that you walk more lightly for it, or more quickly.
        You say to yourself what you will tell them about {from}, and it sounds like somebody else's evening.
        If you turned round now you would still see {from}, and so you do not.
        Somewhere between {from} and here you have lost a glove.
        Your ears are still full of {from}.
        """)
}
