import cors from 'cors';
