extension Grammar {
    /// What is asked, settled and told to players about the world.
    static let lore = Grammar(
        """
        [annotation]
        Opens the question {secret}, and costs a scene in which nobody lies.
        Could stand at the very beginning. It must not contradict what {name} remembers of the flood.
        Good for one branch only: followed to the end it makes {threat} harmless.
        Needs the {relic} to be within reach. Without it this is an anecdote.
        Gives {other} something to want, which nobody has done so far.
        Cheap to follow, since it plays where the reader is anyway. It must be settled before {town} wakes.
        Sets a clock running. Two such hooks in one branch would be one too many.
        Would show {town} from below. Take care that {name} does not know of it too early.
        [accepted]
        It branches at once, and it needs nobody who is not there already.
        It leads to {secret} from a side that no other hook covers.
        [deferred]
        It can wait until the reader knows {name} better.
        It would crowd the beginning; it will do well in a second book.
        It needs a place that the story does not have yet.
        It is good, but it does what an accepted one does already.
        [rejected]
        It answers {secret} and leaves nothing to find.
        [question]
        {Secret}: who in {town} knows, and what has it cost to keep quiet?
        What can {threat} not do, and who found that out?
        How did the {relic} come to {town}, and who would have it back?
        What does {name} owe to {other}, and since when?
        What happens at the second bell, and what happened the one time that it was not rung?
        Who may leave {town}, and what must be left behind?
        [hidden]
        {Name} has known from the beginning {secret}.
        {Threat} can be asked to wait. It has been, once, and was paid.
        The {relic} is the second of its kind; {other} keeps the first.
        [impact]
        The {relic} must be seen before anybody asks for it.
        {Name} may not be surprised by {threat}; a scene that has it so must change.
        Somebody has to mention the second bell in the first scene.
        {Other} can now refuse to help, and the reader can know why.
        No scene may lock a door after dark without a remark.
        [custom]
        The Second Bell
        The Ninth Cup
        The Register
        [codex.town]
        {Town} lies where the river gives up and the sea has not yet taken over.
        It has one street that everybody uses and several that everybody denies.
        Visitors are asked to be indoors by the second bell, and are told that it is for the sake of the horses.
        The houses are built a step higher than they need to be, and the step is scrubbed on Fridays.
        People here are polite to water.
        [codex.relic]
        The {relic} is older than the town hall and in better repair.
        Most families in {town} have had it in the house once, for a night, and speak of that as of a visit.
        It may be held by anybody who asks, and kept by nobody who does.
        What it is for is a question that is put to children, who answer it well.
        When it is not in use it hangs where everyone can see that it is there.
        [codex.threat]
        In {town} one does not say {threat}; one says “it”, and looks at the door.
        It comes in most years, seldom twice, and never while a guest is being fed.
        There is a rhyme against it, of which visitors are taught the first verse.
        Old people tell the time by it and young people tell lies about it.
        What it has taken is not listed anywhere, for fear of completing the list.
        [codex.person]
        {Subject} is spoken of in {town} with a certain care, like a step that is known to be loose.
        Whoever needs something done before morning is sent there, and comes back with more than was asked for.
        The trade is inherited, but not by anybody in particular.
        It is polite to bring salt and impolite to ask about the flood.
        Strangers are always told that they have just missed each other.
        [codex.custom]
        {Subject} is older than the oldest person who remembers it.
        Nobody in {town} could say how it began, and everybody knows what it means when it is left out.
        It is observed on weekdays without any fuss and on feast days with a little more.
        Children practise it with stones until they are thought to be ready.
        Guests may take part and are not told when they have got it wrong.
        [codex.place]
        {Subject} is known to everybody in {town}, and most would find it in the dark.
        It is open at all hours, which does not mean that one goes there.
        Somebody always sweeps it, and it has never been found out who.
        By day it looks smaller, and a little put upon.
        What is lost in {town} turns up here, and is seldom called for.
        [scope]
        What anybody in {town} would tell a guest; not what they tell each other.
        What can be seen from the street, and nothing that is kept indoors.
        What a child of {town} knows at seven.
        """)
}
