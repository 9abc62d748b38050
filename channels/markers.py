"""What stands for a message without text, so that it is answered honestly.

In brackets and in French, like everything that a person may come to read.
"""

VOICE = "[message vocal]"
PHOTO = "[photo]"
VIDEO = "[vidéo]"
DOCUMENT = "[document]"
POSITION = "[position]"
CONTACT = "[contact]"
STICKER = "[autocollant]"
