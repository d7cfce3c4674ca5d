extension Grammar {
    /// What planners write about the sections of a story.
    static let plan = Grammar(
        """
        [summary]
        You reach {here} and find that {name} was here first. Something has been moved.
        At {here} the {relic} can be had, at a price that has to be named aloud.
        {Threat} is closer here than in {town}. Whoever stays at {here} will hear {secret}, or part of it.
        {Here} keeps what people throw away. The reader finds a reason to turn back and a reason not to.
        A stranger at {here} offers help and asks for the {relic} in return.
        {Name} waits at {here} with half of the truth and no intention of giving it away.
        What was done at {here} years ago can be seen plainly, once one knows where to stand.
        {Name} has left a message at {here}, and somebody has answered it in another hand.
        At {here} two people tell two stories about the {relic}, and both are missing the same hour.
        {Here} is shut to strangers tonight. The reader has to decide what to be instead.
        {Name} needs a favour at {here} that cannot be undone.
        The way through {here} is watched. Whoever goes unseen owes {name} for it.
        At {here} the reader is taken for somebody else, and it is useful.
        {Threat} has been at {here} already. It has left {name} behind, and something in exchange.
        {Here} is the last place where nobody asks for the {relic}.
        Everybody at {here} is waiting for the second bell. {Name} is waiting for the reader.
        [closing]
        At {here} it comes out {secret}, and {town} has to live with it.
        {Threat} arrives at {here}. What the reader carries decides what is left in the morning.
        The {relic} is given up at {here}, and somebody gets to leave {town} for good.
        {Name} tells the rest at {here}. It is a smaller thing than feared, and harder to forgive.
        The reader stays at {here}, in the place that {name} has kept all these years.
        At {here} the reader lets the question go, and {town} sleeps.
        {Name} goes out from {here} to meet {threat}, and the reader may go along.
        At {here} the {relic} turns out to have been a key to something much smaller.
        Nobody comes to {here} in time. The reader tells it to {threat} instead.
        At {here} the debt is paid, by somebody who never owed it.
        {Other} is waiting at {here}, and has been the answer all along.
        [gives]
        Here the reader may come by {a:token}.
        [gated]
        Whoever has {a:token} is let through to {there} from here.
        [purpose]
        Let the reader touch the {relic} before anybody explains it.
        Make {name} likeable, then make the reader doubt it.
        Show what {threat} has already taken, and leave one thing for it to take.
        Give the reader a choice between being safe and knowing {secret}.
        Slow down. This is where {town} should begin to feel like home.
        Close one door for good, and let it be heard.
        Let {name} lie once, about something small, and let the reader catch it.
        Turn the {relic} from a treasure into a burden.
        Bring {threat} within earshot and leave it there.
        Give the reader an ally and a reason to do without.
        Show {here} as those who work there see it, and then as somebody who hides there does.
        Make the quick way cost a promise.
        Pay back something that the reader has forgotten.
        Let silence do what an answer would spoil.
        Make the reader choose before all is known, and make that fair.
        Let {town} look, for a page, as if it might be saved by kindness.
        [fact]
        The {relic} belongs to nobody in {town}, and everybody has held it once.
        {Name} has never left {town}.
        {Threat} always comes from the side of the water.
        Nobody in {town} locks a door after the second bell.
        There are nine names in the register, and one has been scratched out.
        {Name} was a child on the night of the flood and remembers a light.
        The road out of {town} is open, but only on foot.
        What is said at {here} can be heard at the quay.
        Whoever carries the {relic} is let through without a question.
        The second bell has been cracked for as long as anybody remembers.
        {Name} and {other} have not spoken since the spring.
        {Here} is kept by whoever needs it most, a year at a time.
        {Threat} has never crossed a threshold that was swept that day.
        In {town} a debt passes to the neighbour on the left.
        The {relic} was made by somebody who could not use it.
        {Other} pays for the lamp at {here} and has never said why.
        The ninth cup is washed and put away like the others.
        No map of {town} shows {here} twice in the same place.
        Letters from {town} arrive opened and better spelled.
        {Name} can be told by the sound of the keys.
        [mood]
        hushed
        wry
        watchful
        tender
        uneasy
        cold and clear
        breathless
        like a house just after guests have left
        feverish, with one cool hand
        patient, and not to be trusted
        """)
}
