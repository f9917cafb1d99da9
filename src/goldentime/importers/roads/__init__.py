"""Roads, from the Ministry's node-link, from plain lines or from OpenStreetMap, as one network."""
